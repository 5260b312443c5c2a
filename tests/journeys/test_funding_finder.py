"""Groups look for money: what fits, what nearly fits and what to change, what does not and why, what is closed."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.settings import ROOT
from knowledge.funding import FundingLine
from tests.journeys.conftest import World, a_world
from tests.journeys.office import ask_for_consent, consent
from tests.journeys.phone import Message, Phone, labels
from tests.journeys.test_rights import everything_forgotten, rows_with
from tests.journeys.traces import today
from tests.journeys.walk import Walk, begin
from tests.journeys.words import LIBRARY, PHRASES, SPOKEN, pattern

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

Situation = dict[str, str]
LINES: dict[str, FundingLine] = {line.id.removeprefix("funding."): line for line in LIBRARY.funding}
HEADS = ("fits", "nearly", "not_fitting", "closed")

YOUNG_GROUP = {"registered": "no", "seat": "wiesbaden", "charitable": "no", "own_rooms": "no", "purpose": "project",
               "field": "culture", "amount": "up_to_500"}  # fmt: skip
"""Friends without an association want to hold a reading with music: four hundred euros."""
OLD_ASSOCIATION = {"registered": "yes", "seat": "wiesbaden", "charitable": "yes", "own_rooms": "yes",
                   "purpose": "running", "field": "other", "amount": "up_to_2500"}  # fmt: skip
"""A charitable association in Wiesbaden cannot pay the rent of its rooms any more."""
CLUB_FROM_MAINZ = {"registered": "yes", "seat": "elsewhere", "charitable": "dont_know", "own_rooms": "no",
                   "purpose": "equipment", "field": "sport", "amount": "up_to_10000"}  # fmt: skip
"""A sports club from beyond the Rhine needs a score board and does not know what the tax office has decided."""
EXPECTED: dict[str, tuple[Situation, dict[str, set[str]]]] = {
    "a group without registration": (YOUNG_GROUP, {
        "fits": {"culture", "house_of_resources"},
        "nearly": {"council_project", "wir_other", "integration_department", "wir_microproject"},
        "not_fitting": {"wir_german_courses", "council_monthly", "sports", "house_of_resources_equipment"},
    }),
    "an association with rooms": (OLD_ASSOCIATION, {
        "fits": {"council_monthly"},
        "nearly": set(),
        "not_fitting": {*LINES} - {"council_monthly"},
    }),
    "a club from outside": (CLUB_FROM_MAINZ, {
        "fits": {"house_of_resources_equipment"},
        "nearly": {"sports", "integration_department", "wir_other", "wir_microproject"},
        "not_fitting": {"wir_german_courses", "council_monthly", "council_project", "culture", "house_of_resources"},
    }),
}  # fmt: skip


async def looked(phone: Phone, situation: Situation) -> list[Message]:
    """Answer by buttons from the menu to the result; the messages that show it."""
    walk = await begin(phone, "funding_finder", "registered")
    for choice, then in zip(situation.values(), [*list(situation)[1:], "check"], strict=True):
        await walk.choose(choice, then)
    return await result(walk)


async def result(walk: Walk) -> list[Message]:
    """Press "show the result": it stands where the questions stood, and may go on below."""
    await walk.tap(PHRASES.say(walk.phone.language, "funding_finder.check_yes"))
    last = await walk.phone.reads("funding_finder.check_first")
    await walk.phone.until(lambda one: bool(one["buttons"]) and one["message_id"] == last["message_id"])
    place = walk.message["message_id"]
    return [one for one in await walk.phone.messages() if one["from"] == "bot" and one["message_id"] >= place]


def sections(language: str, messages: Sequence[Message]) -> dict[str, str]:
    """What stands below each heading."""
    text = "\n\n".join(one["text"] for one in messages)
    found = {head: pattern(language, f"funding_finder.{head}").search(text) for head in HEADS}
    starts = sorted((match.start(), head) for head, match in found.items() if match)
    ends = [start for start, _ in starts[1:]] + [len(text)]
    return {head: text[start:end] for (start, head), end in zip(starts, ends, strict=True)}


def named(language: str, text: str) -> set[str]:
    """The lines whose titles stand in a text."""
    return {id for id, line in LINES.items() if line.title(language) in text}


@pytest.mark.parametrize("language", ["de", "ar"])
@pytest.mark.parametrize("group", list(EXPECTED))
async def test_a_group_reads_what_fits_what_nearly_does_and_what_does_not(
    world: World, group: str, language: str
) -> None:
    situation, expected = EXPECTED[group]
    shown = sections(language, await looked(world.phone(language), situation))
    assert {head: named(language, shown.get(head, "")) for head in expected} == expected
    assert "closed" not in shown


async def test_every_language_gets_the_whole_result_with_its_buttons(world: World) -> None:
    for language in set(SPOKEN) - {"de", "ar"}:
        messages = await looked(world.phone(language), YOUNG_GROUP)
        shown = sections(language, messages)
        assert named(language, shown["fits"]) == EXPECTED["a group without registration"][1]["fits"]
        assert PHRASES.say(language, "funding_finder.help") in labels(messages[-1])


async def test_what_nearly_fits_says_what_would_have_to_change(world: World) -> None:
    shown = sections("de", await looked(world.phone("de"), YOUNG_GROUP))["nearly"]
    project = shown[shown.index(LINES["council_project"].title("de")):]
    assert "Dafür müsste Ihr Verein erst eingetragen werden (e.V.)." in project.split("\n\n")[0]


async def test_what_a_group_does_not_know_it_is_told_to_find_out(world: World) -> None:
    shown = sections("de", await looked(world.phone("de"), CLUB_FROM_MAINZ))["nearly"]
    assert "Finden Sie heraus, ob Ihr Verein als gemeinnützig anerkannt ist." in shown


async def test_what_does_not_fit_says_why(world: World) -> None:
    shown = sections("en", await looked(world.phone("en"), OLD_ASSOCIATION))["not_fitting"]
    title = LINES["council_project"].title("en")
    assert f"{title} – There is only money for projects here." in shown


async def test_amounts_come_with_the_year_they_are_from_and_only_those_that_concern_the_group(world: World) -> None:
    shown = sections("de", await looked(world.phone("de"), OLD_ASSOCIATION))["fits"]
    assert "bis 200 Euro im Monat (Stand 2020)" in shown
    assert "bis 100 Euro" not in shown, "that is for groups without rooms"
    shown = sections("de", await looked(world.phone("de"), YOUNG_GROUP))["nearly"]
    assert "bis 2.500 Euro je Projekt (Stand 2020)" in shown


async def test_no_reminder_is_offered_where_no_deadline_is_on_file(world: World) -> None:
    messages = await looked(world.phone("de"), YOUNG_GROUP)
    assert "⏰" not in str([labels(one) for one in messages])


async def test_typed_answers_are_understood_and_none_of_them_stays(world: World, world_file: Path) -> None:
    rana = world.phone("de")
    walk = await begin(rana, "funding_finder", "registered")
    for text, then in (("ja", "seat"), ("wiesbaden", "charitable"), ("beantragt", "own_rooms"), ("nein", "purpose"),
                       ("ein Projekt", "field"), ("Kultur", "amount"), ("etwa 2.000 Euro", "check")):  # fmt: skip
        await walk.write(text, then)
    assert "bis 2.500 Euro" in walk.message["text"]
    assert list(rows_with(world_file, "up_to_2500")), "the search finds what is there"
    messages = await result(walk)
    assert named("de", sections("de", messages)["fits"]) >= {"council_project", "culture"}
    await everything_forgotten(world_file, "up_to_2500")
    data = await rana.reads("privacy.mydata", after=await rana.send("/mydata"))
    assert PHRASES.say("de", "funding_finder.title") not in data["text"]


async def test_whoever_wants_help_with_the_application_gets_to_a_person(world: World) -> None:
    mehmet = world.phone("tr")
    messages = await looked(mehmet, YOUNG_GROUP)
    await mehmet.press(messages[-1], "funding_finder.help")
    case = await consent(world, mehmet, await mehmet.reads("handoff.consent"))
    header = (await case.header("queued"))["text"].splitlines()[0]
    assert header.startswith(f"{case.number} · Türkisch")
    assert PHRASES.say("de", "topic.funding").endswith(header.split(" · ")[-1])


async def test_each_line_leads_to_its_entry(world: World) -> None:
    rana = world.phone("ru")
    messages = await looked(rana, OLD_ASSOCIATION)
    entry = LIBRARY.entry(LINES["council_monthly"].entry, "ru")
    await rana.press(messages[-1], entry.label)
    assert entry.question in (await rana.reads("answer.as_of", after=messages[-1]["message_id"]))["text"]


async def test_asking_for_a_person_in_the_middle_keeps_the_answers_for_afterwards(world: World) -> None:
    rana = world.phone("de")
    walk = await begin(rana, "funding_finder", "registered")
    await walk.choose("yes", "seat")
    question = await ask_for_consent(rana)
    await rana.press(question, "button.consent_no")
    offer = await rana.reads("flow.continue_offer")
    await rana.press(offer, "flow.resume")
    await walk.asked("seat", after=walk.message["message_id"])


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Content in which an editor has typed real days: one line is over, one has not begun, two end soon."""
    folder = Path(shutil.copytree(ROOT / "knowledge", tmp_path_factory.mktemp("desk") / "knowledge"))
    path = folder / "funding_lines.yml"
    text = path.read_text(encoding="utf-8")
    for id, day in (
        ("culture", f"valid_until: {today() - timedelta(days=1)}"),
        ("house_of_resources", f"opens: {today() + timedelta(days=30)}"),
        ("council_project", f"deadline: {today() + timedelta(days=60)}"),
        ("integration_department", f"deadline: {today() + timedelta(days=10)}"),
    ):
        start = text.index(f"  funding.{id}:\n")
        place = text.index("    review_by:", start)
        text = f"{text[:place]}    {day}\n{text[place:]}"
    path.write_text(text, encoding="utf-8")
    return folder


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def with_days(rasa_url: str, desk: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A bot that reads the editor's copy."""
    folder = tmp_path_factory.mktemp("with_days")
    address = f"sqlite+aiosqlite:///{folder / 'bot.db'}"
    async with a_world(rasa_url, address, folder, KNOWLEDGE_FOLDER=str(desk)) as world:
        yield world


@pytest.mark.parametrize("language", ["de", "ar"])
async def test_lines_that_are_over_or_not_yet_open_are_never_shown_as_open(with_days: World, language: str) -> None:
    messages = await looked(with_days.phone(language), YOUNG_GROUP)
    shown = sections(language, messages)
    assert named(language, shown["closed"]) == {"culture", "house_of_resources"}
    assert "fits" not in shown
    over = LIBRARY.entry("funding.culture", language).label
    assert over not in labels(messages[-1])
    for line in shown["closed"].splitlines():
        assert not line.rstrip().endswith("–"), "a dash announces a reason, and there is none"


async def test_a_real_deadline_is_shown_and_can_be_remembered(with_days: World) -> None:
    rana = with_days.phone("de")
    messages = await looked(rana, YOUNG_GROUP)
    last = today() + timedelta(days=60)
    shown = sections("de", messages)["nearly"]
    assert pattern("de", "funding_finder.until", day=PHRASES.day("de", last)).search(shown)
    offered = [one for one in labels(messages[-1]) if one.startswith("⏰")]
    title = LINES["council_project"].title("de")
    assert PHRASES.say("de", "funding_finder.remind", {"title": title}) in offered
    assert len(offered) == 2, "only lines with a deadline on file, two weeks before, or three days"
    await rana.press(messages[-1], PHRASES.say("de", "funding_finder.remind", {"title": title}))
    before = PHRASES.day("de", last - timedelta(days=14))
    await rana.reads("funding_finder.will_remind", day=before, title=title)
    assert before in (await rana.reads("privacy.mydata", after=await rana.send("/mydata")))["text"]
