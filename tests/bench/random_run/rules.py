"""The rules that hold whatever happens (handoff.md, 4), checked on what remains of a run. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache

from bot.storage.models import OPEN_STATES, CaseMessage, OutboxMessage
from tests.bench.random_run.evidence import Evidence
from tests.bench.random_run.ledger import Said, last_mark, marks
from tests.journeys.phone import GROUP, Message
from tests.journeys.words import PHRASES, SPOKEN, bare, pattern

BOT_ANSWERS = frozenset({"answer", "flow"})
HUMAN = frozenset({"CLAIMED", "WAITING_USER"})
FOR_OFFICE = HUMAN | {"QUEUED", "PARKED", "RETURN_OFFERED"}
"""What is written while a case stands so belongs to the office."""
BEGINS = ("handoff.human_here", "handoff.still_open", "handoff.still_open_promised", "handoff.taken_up")
ENDS = tuple(sorted(
    key for key in PHRASES.keys
    if key.startswith(("handoff.released_", "handoff.closing_", "handoff.resolved", "handoff.withdrawn"))
    or key in {"handoff.solved_question", "handoff.idle_question", "handoff.ended_while_away"}
))  # fmt: skip
"""What a person reads when a human begins to speak with them, and when that ends."""


def speaks_in_between(seen: Evidence, chat: int) -> Iterator[str]:
    """By the order of the messages on the phone: the bot's own answers while a human is there."""
    rows = {row.message_id: row for row in seen.rows_to(chat) if _is_new_message(row)}
    untold = [row.id for row in seen.rows_to(chat) if row.kind == "system" and row.state == "failed"]
    human, last = False, 0
    for message in seen.by_bot(chat):
        row = rows.get(message["message_id"])
        if row is not None:
            # Whoever has blocked the bot does not read that the human is gone; their phone proves nothing then.
            human, last = human and not any(last < id < row.id for id in untold), row.id
        if row is None or row.kind == "system":
            human = _says_one_of(BEGINS, message) or (human and not _says_one_of(ENDS, message))
        elif human and row.kind in BOT_ANSWERS:
            yield f"chat {chat}: #{message['message_id']} {message['text'][:60]!r} ({row.kind}) while a human is there"


def decided_in_between(seen: Evidence, chat: int) -> Iterator[str]:
    """By the clock of the database: answers decided while a human was there and sent, edits of old messages too."""
    for row in seen.rows_to(chat):
        if row.kind in BOT_ANSWERS and row.state == "sent" and seen.state_of(chat, row.created_at) in HUMAN:
            yield f"chat {chat}: outbox {row.id} ({row.method}, {row.kind}), decided while a human is there"


def lost_by_staff(seen: Evidence) -> Iterator[str]:
    """What staff wrote to a person must be on the phone, or staff must know that it is not."""
    kept = {one.source_message_id: one for one in seen.messages if one.source_chat_id == GROUP}
    phones = _marks_on_phones(seen)
    for said in (one for one in seen.said if one.chat == GROUP and not one.edit):
        chain = {one.mark for one in seen.said if one.message_id == said.message_id and one.chat == GROUP}
        problem = _fate(seen, said, kept.get(said.message_id), on_phone=bool(chain & phones.keys()))
        if problem:
            yield f"topic {said.topic} #{said.message_id} {said.mark}: {problem}"


def _fate(seen: Evidence, said: Said, kept: CaseMessage | None, *, on_phone: bool) -> str | None:
    """What is wrong with what became of a message of staff."""
    if kept is None:
        return None if _knows_there_is_no_case(seen, said) else "gone, and nobody was told"
    if on_phone and (said.note or kept.author != "staff"):
        return "meant for the office alone, and on the phone"
    if on_phone or kept.author != "staff" or kept.deleted_at is not None:
        return None
    failed = kept.failed or any(row.state == "failed" for row in _relays(seen, kept))
    if not failed:
        return "stored, and neither delivered nor marked"
    return None if seen.told_about(said.message_id) else "undelivered, and staff were not told"


def _knows_there_is_no_case(seen: Evidence, said: Said) -> bool:
    """Whether the writer was told, now or for something earlier in that topic: the bot does not repeat that hint."""
    here = (one for one in seen.said if (one.user, one.chat, one.topic) == (said.user, said.chat, said.topic))
    return any(seen.told_about(one.message_id) for one in here if one.message_id <= said.message_id)


def outdated_on_phone(seen: Evidence) -> Iterator[str]:
    """What staff corrected must be correct on the phone (one copy of it, where a death left two)."""
    phones = _marks_on_phones(seen)
    edited = {one.message_id for one in seen.said if one.edit and one.chat == GROUP}
    for kept in seen.messages:
        if kept.source_chat_id != GROUP or kept.author != "staff" or kept.source_message_id not in edited:
            continue
        failed = kept.failed or any(row.state == "failed" for row in seen.outbox if row.case_message_id == kept.id)
        if last_mark(kept.text) not in phones and not failed:
            yield f"message {kept.id}: its present text {last_mark(kept.text)} is not on the phone"


def lost_by_people(seen: Evidence) -> Iterator[str]:
    """What a person wrote while the office waited or spoke with them must be in the case and in the topic."""
    done = {row.update_id: row.done_at for row in seen.inbox}
    in_case = {(one.source_chat_id, one.source_message_id): one for one in seen.messages}
    topics = Counter(last_mark(one["text"]) for one in seen.by_bot(GROUP))
    in_texts = {mark for one in seen.messages for text in (one.text, one.was) for mark in marks(text)}
    for said in (one for one in seen.said if one.chat != GROUP):
        at = done.get(said.update_id)
        state = seen.state_of(said.chat, at) if at is not None else None
        kept = in_case.get((said.chat, said.message_id))
        if at is None or state not in FOR_OFFICE or (kept is None and state == "RETURN_OFFERED" and _says_little(said)):
            continue
        name = f"chat {said.chat} #{said.message_id} {said.mark}{' (edit)' if said.edit else ''} in {state}"
        if kept is None or kept.author == "asked":
            yield f"{name}: not in the case"
        elif said.edit and _of_an_older_case(seen, said.chat, kept, at):
            continue  # E36: kept, not passed on, and the person was told
        elif said.mark is not None and said.mark not in topics and not _told_not_relayed(seen, kept):
            yield f"{name}: in the case{'' if said.mark in in_texts else ' (overwritten)'}, not in the topic"


def _says_little(said: Said) -> bool:
    """T11: what is no answer to "solved?": a sticker, or a change of what was written to the bot before the case."""
    return said.mark is None or said.edit


def _of_an_older_case(seen: Evidence, chat: int, kept: CaseMessage, at: datetime) -> bool:
    """Whether the message belongs to a case that had ended when it was edited: a person has one open case at a time."""
    begun = [case.id for case in seen.cases_of(chat).values() if case.opened_at <= at]
    return bool(begun) and kept.case_id != max(begun)


def _told_not_relayed(seen: Evidence, kept: CaseMessage) -> bool:
    """Whether the call that was to show it to staff has failed; then staff were told."""
    return any(row.state == "failed" for row in _relays(seen, kept))


def claimed_but_missing(seen: Evidence) -> Iterator[str]:
    """What the outbox says was sent must be on the phones."""
    for chat, shown in seen.chats.items():
        there = {one["message_id"] for one in shown}
        for row in seen.rows_to(chat):
            if _is_new_message(row) and row.message_id not in there:
                yield f"chat {chat}: outbox {row.id} ({row.kind}) was sent as #{row.message_id}, which is not there"


def doubles(seen: Evidence) -> dict[int, list[Message]]:
    """By chat the bot's messages of which the outbox knows nothing: sent by a call whose outcome it never learnt."""
    found = {}
    for chat in seen.chats:
        known = {row.message_id for row in seen.rows_to(chat) if _is_new_message(row)}
        found[chat] = [one for one in seen.by_bot(chat) if one["message_id"] not in known]
    return found


def uncertain(seen: Evidence, chat: int) -> int:
    """How many sendings may have arrived beside the last one, as the outbox itself says: a row can be cut off twice."""
    rows = (row for row in seen.rows_to(chat) if row.uncertain and not row.method.startswith("edit"))
    return sum(row.attempts - 1 for row in rows)


def doubled_unnoticed(seen: Evidence) -> Iterator[str]:
    """No more doubles than sendings of rows marked as uncertain."""
    for chat, extra in doubles(seen).items():
        if len(extra) > uncertain(seen, chat):
            shown = ", ".join(f"#{one['message_id']} {one['text'][:40]!r}" for one in extra)
            yield f"chat {chat}: {len(extra)} doubles, {uncertain(seen, chat)} uncertain: {shown}"


def orphans(seen: Evidence) -> int:
    """Topics of no case: made by a call whose outcome the bot never learnt."""
    ours = {case.thread_id for case in seen.cases}
    return len({one["topic"] for one in seen.chats.get(GROUP, ()) if one["topic"]} - ours)


def stored_twice(seen: Evidence) -> Iterator[str]:
    """A message of Telegram is in a case once; what was shared for one case may be shared for the next."""
    sources = Counter((one.case_id, one.source_chat_id, one.source_message_id)
                      for one in seen.messages if one.source_message_id)  # fmt: skip
    yield from (f"message {source} (case, chat, id): {count} times" for source, count in sources.items() if count > 1)


def two_open_cases(seen: Evidence) -> Iterator[str]:
    """At most one open case per person."""
    opened = Counter(case.person_id for case in seen.cases if case.state in OPEN_STATES and case.person_id)
    yield from (f"person {person} has {count} open cases" for person, count in opened.items() if count > 1)


def not_processed_once(seen: Evidence) -> Iterator[str]:
    """Every update is done, and none was set aside."""
    rows = {row.update_id: row for row in seen.inbox}
    for update_id in seen.updates:
        row = rows.get(update_id)
        if row is None or row.done_at is None:
            yield f"update {update_id}: {'never arrived' if row is None else 'not processed'}"
        elif row.outcome == "failed":
            yield f"update {update_id}: set aside after {row.attempts} attempts"


def left_in_outbox(seen: Evidence) -> Iterator[str]:
    """Nothing waits to be sent."""
    waiting = [row for row in seen.outbox if row.state in {"pending", "sending"}]
    yield from (f"outbox {row.id} ({row.kind}, {row.method}) is {row.state}" for row in waiting)


def double_speakers(seen: Evidence) -> Iterator[str]:
    """Both ways of looking, at every person."""
    for chat in seen.chats:
        if chat != GROUP:
            yield from speaks_in_between(seen, chat)
            yield from decided_in_between(seen, chat)


def lost(seen: Evidence) -> Iterator[str]:
    """Messages that did not get to whom they were for."""
    for rule in (lost_by_staff, outdated_on_phone, lost_by_people, claimed_but_missing):
        yield from rule(seen)


RULES: dict[str, Callable[[Evidence], Iterator[str]]] = {
    "double speakers": double_speakers,
    "lost messages": lost,
    "doubled beyond the uncertain": doubled_unnoticed,
    "stored twice": stored_twice,
    "people with two open cases": two_open_cases,
    "updates not processed once": not_processed_once,
    "left in the outbox": left_in_outbox,
}


def _marks_on_phones(seen: Evidence) -> Counter[str]:
    found = (last_mark(one["text"]) for chat in seen.chats if chat != GROUP for one in seen.by_bot(chat))
    return Counter(mark for mark in found if mark)


def _relays(seen: Evidence, kept: CaseMessage) -> list[OutboxMessage]:
    return [row for row in seen.outbox if row.case_message_id == kept.id and row.kind == "relay"]


def _is_new_message(row: OutboxMessage) -> bool:
    return row.state == "sent" and row.method.startswith(("send", "copy")) and row.message_id is not None


@cache
def _pattern(keys: tuple[str, ...]) -> re.Pattern[str]:
    texts = (pattern(language, key).pattern for key in keys for language in SPOKEN)
    return re.compile("|".join(f"(?:{text})" for text in texts), re.DOTALL)


def _says_one_of(keys: tuple[str, ...], message: Message) -> bool:
    return _pattern(keys).search(bare(message["text"])) is not None
