"""What the random run calls a broken rule is one: each rule finds its fault in a small, made-up run, and no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.storage.models import Case, CaseEvent, CaseMessage, InboxUpdate, OutboxMessage, Person
from tests.bench.random_run.evidence import Evidence
from tests.bench.random_run.ledger import Said, last_mark
from tests.bench.random_run.rules import RULES, orphans
from tests.journeys.phone import GROUP, Message
from tests.journeys.words import PHRASES

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
RANA, TOPIC = 1001, 7
BY_RANA, BY_STAFF = "Wann haben Sie Zeit? [q00001]", "Am Dienstag [q00002]"


def at(second: float) -> datetime:
    return NOON + timedelta(seconds=second)


def shown(message_id: int, sender: str | int, text: str, **more: Any) -> Message:
    where = {"deleted": False, "reply_to": None, "topic": None}
    return {"message_id": message_id, "from": sender, "text": text, **where, **more}


def says(key: str) -> str:
    return PHRASES.say("de", key, {"staff": "Frau A.", "number": "W-0001"})


def sent(row_id: int, chat_id: int | None, message_id: int | None, kind: str, second: float = 0,
         **more: Any) -> OutboxMessage:  # fmt: skip
    fields = {"method": "sendMessage", "state": "sent", "uncertain": False, "attempts": 1, **more}
    return OutboxMessage(id=row_id, chat_id=chat_id, message_id=message_id, kind=kind, created_at=at(second), **fields)


def a_good_run() -> Evidence:
    """Rana asks, Frau A. takes the case, both write, it is solved, and the bot answers again."""
    return Evidence(
        said=[Said("q00001", RANA, RANA, 2, 12), Said("q00002", 2001, GROUP, 51, 13, TOPIC)],
        updates=[11, 12, 13],
        chats={
            RANA: [
                shown(1, "bot", says("handoff.human_here")), shown(2, RANA, BY_RANA), shown(3, "bot", BY_STAFF),
                shown(4, "bot", says("handoff.solved_question")), shown(5, "bot", "Eine Antwort"),
            ],
            GROUP: [shown(50, "bot", f"Die Person schreibt: {BY_RANA}"), shown(51, 2001, BY_STAFF)],
        },
        people=[Person(id=1, chat_id=RANA)],
        cases=[Case(id=1, person_id=1, state="RESOLVED")],
        events=[
            CaseEvent(id=1, case_id=1, at=at(0), to_state="CLAIMED"),
            CaseEvent(id=2, case_id=1, at=at(40), to_state="RETURN_OFFERED"),
        ],
        messages=[
            CaseMessage(id=1, case_id=1, author="person", text=BY_RANA, source_chat_id=RANA, source_message_id=2),
            CaseMessage(id=2, case_id=1, author="staff", text=BY_STAFF, source_chat_id=GROUP, source_message_id=51),
        ],
        inbox=[InboxUpdate(update_id=number, done_at=at(number), outcome="done") for number in (11, 12, 13)],
        outbox=[
            sent(1, RANA, 1, "system"), sent(2, None, 50, "relay", 12, case_message_id=1),
            sent(3, RANA, 3, "relay", 13, case_message_id=2), sent(4, RANA, 4, "system", 40),
            sent(5, RANA, 5, "answer", 50),
        ],
    )  # fmt: skip


def without(messages: Sequence[Message], message_id: int) -> list[Message]:
    return [one for one in messages if one["message_id"] != message_id]


def answered_in_between(run: Evidence) -> Evidence:
    before = shown(9, "bot", "Eine Antwort")
    rana = run.chats[RANA]
    return replace(run, chats={**run.chats, RANA: [*rana[:3], before, *rana[3:]]},
                   outbox=[*run.outbox, sent(9, RANA, 9, "answer", 60)])  # fmt: skip


def edited_in_between(run: Evidence) -> Evidence:
    row = sent(9, RANA, 1, "answer", 20, method="editMessageText")
    return replace(run, outbox=[*run.outbox, row])


def staff_message_lost(run: Evidence) -> Evidence:
    return replace(
        run, chats={**run.chats, RANA: without(run.chats[RANA], 3)}, outbox=[*run.outbox[:2], *run.outbox[3:]]
    )


def staff_message_failed_in_silence(run: Evidence) -> Evidence:
    run.outbox[2].state = "failed"
    return replace(run, chats={**run.chats, RANA: without(run.chats[RANA], 3)})


def staff_message_forgotten(run: Evidence) -> Evidence:
    return replace(staff_message_lost(run), messages=run.messages[:1])


def note_went_out(run: Evidence) -> Evidence:
    run.messages[1].author = "note"
    return run


def correction_not_sent(run: Evidence) -> Evidence:
    run.messages[1].text = "Am Mittwoch [q00003]"
    edit = Said("q00003", 2001, GROUP, 51, 13, TOPIC, edit=True)
    return replace(run, said=[*run.said, edit])


def person_message_not_kept(run: Evidence) -> Evidence:
    return replace(run, messages=run.messages[1:])


def person_message_not_in_topic(run: Evidence) -> Evidence:
    return replace(run, chats={**run.chats, GROUP: run.chats[GROUP][1:]}, outbox=[run.outbox[0], *run.outbox[2:]])


def sent_but_not_there(run: Evidence) -> Evidence:
    return replace(run, chats={**run.chats, RANA: without(run.chats[RANA], 5)})


def doubled(run: Evidence) -> Evidence:
    rana = run.chats[RANA]
    return replace(run, chats={**run.chats, RANA: [*rana, shown(6, "bot", "Eine Antwort")]})


def stored_twice(run: Evidence) -> Evidence:
    again = CaseMessage(id=3, case_id=1, author="person", text=BY_RANA, source_chat_id=RANA, source_message_id=2)
    return replace(run, messages=[*run.messages, again])


def two_cases(run: Evidence) -> Evidence:
    return replace(run, cases=[*run.cases, *(Case(id=number, person_id=1, state="QUEUED") for number in (2, 3))])


def update_ignored(run: Evidence) -> Evidence:
    return replace(run, updates=[*run.updates, 14])


def update_set_aside(run: Evidence) -> Evidence:
    run.inbox[0].outcome = "failed"
    return run


def something_waits(run: Evidence) -> Evidence:
    return replace(run, outbox=[*run.outbox, sent(9, RANA, None, "system", 60, state="pending")])


def broken(run: Evidence) -> set[str]:
    return {name for name, rule in RULES.items() if list(rule(run))}


def test_a_good_run_breaks_no_rule() -> None:
    assert broken(a_good_run()) == set()


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (answered_in_between, "double speakers"),
        (edited_in_between, "double speakers"),
        (staff_message_lost, "lost messages"),
        (staff_message_failed_in_silence, "lost messages"),
        (staff_message_forgotten, "lost messages"),
        (note_went_out, "lost messages"),
        (correction_not_sent, "lost messages"),
        (person_message_not_kept, "lost messages"),
        (person_message_not_in_topic, "lost messages"),
        (sent_but_not_there, "lost messages"),
        (doubled, "doubled beyond the uncertain"),
        (stored_twice, "stored twice"),
        (two_cases, "people with two open cases"),
        (update_ignored, "updates not processed once"),
        (update_set_aside, "updates not processed once"),
        (something_waits, "left in the outbox"),
    ],
)
def test_each_fault_breaks_its_rule_and_no_other(spoil: Any, rule: str) -> None:
    assert broken(spoil(a_good_run())) == {rule}


def test_a_double_that_the_outbox_knows_of_is_no_fault() -> None:
    run = doubled(a_good_run())
    run.outbox[4].uncertain, run.outbox[4].attempts = True, 2
    assert broken(run) == set()


def test_a_row_that_was_cut_off_twice_may_arrive_three_times() -> None:
    run = doubled(a_good_run())
    run = replace(run, chats={**run.chats, RANA: [*run.chats[RANA], shown(7, "bot", "Eine Antwort")]})
    run.outbox[4].uncertain, run.outbox[4].attempts = True, 2
    assert broken(run) == {"doubled beyond the uncertain"}
    run.outbox[4].attempts = 3
    assert broken(run) == set()


def test_whoever_blocked_the_bot_when_the_human_left_may_be_answered_by_it_later() -> None:
    run = a_good_run()
    run.outbox[3].state, run.outbox[3].message_id = "failed", None
    assert broken(replace(run, chats={**run.chats, RANA: without(run.chats[RANA], 4)})) == set()


def test_a_topic_of_no_case_is_counted() -> None:
    run = a_good_run()
    group = [*run.chats[GROUP], shown(60, 2001, "Hallo?", topic=60)]
    assert orphans(replace(run, chats={**run.chats, GROUP: group})) == 1


def test_staff_who_were_told_have_lost_nothing() -> None:
    run = staff_message_failed_in_silence(a_good_run())
    told = shown(52, "bot", "Nicht zugestellt", reply_to=51)
    outbox = [*run.outbox, sent(9, GROUP, 52, "staff", 20)]
    assert broken(replace(run, chats={**run.chats, GROUP: [*run.chats[GROUP], told]}, outbox=outbox)) == set()


def test_staff_who_write_on_where_they_know_that_there_is_no_case_have_lost_nothing() -> None:
    run = a_good_run()
    said = [Said(f"q0001{number}", 2001, GROUP, number, 13, 99) for number in (60, 61)]
    group = [*run.chats[GROUP], shown(62, "bot", "Hier ist kein Fall", reply_to=60, deleted=True)]
    assert broken(replace(run, said=[*run.said, *said], chats={**run.chats, GROUP: group})) == set()
    assert broken(replace(run, said=[*run.said, *said])) == {"lost messages"}


def test_what_was_written_to_the_bot_alone_need_not_be_in_a_case() -> None:
    run = person_message_not_in_topic(person_message_not_kept(a_good_run()))
    assert broken(replace(run, events=[CaseEvent(id=1, case_id=1, at=at(0), to_state="INTAKE")])) == set()


def test_a_quoted_text_from_before_an_edit_is_not_what_the_message_says() -> None:
    assert last_mark(f"geändert: {BY_RANA}\nUnd am Montag? [q00009]") == "q00009"
    assert last_mark("ohne Zeichen") is None
