"""Edge case E40: pictures, voices and files that were sent before and while the office waits."""

from __future__ import annotations

import pytest

from bot.conversation.incoming import Attachment
from bot.storage.models import CaseMessage, Exchange, OutboxMessage
from tests.bot.stage import Colleague, Seen, Stage, Visitor

INSULTED = "Mein Vermieter hat mich wegen meiner Herkunft abgelehnt"


@pytest.mark.parametrize("media", ["photo", "voice", "location", "contact", "sticker"])
async def test_e40_what_was_sent_first_is_shown_before_consent_and_passed_on_after_it(
    stage: Stage, rana: Visitor, anna: Colleague, media: str
) -> None:
    assert (await rana.writes(None, media=media, message_id=77, file=LETTER)).said == ["media.text_only"]
    name = stage.parts.locales.say("de", f"sent.{media}")
    assert _shown(await rana.writes("/human")) == [name]
    assert await stage.all(CaseMessage) == []
    await rana.presses("consent", "yes")
    assert name in await stage.on_its_way(), "the topic names the kind"
    (kept,) = await stage.all(CaseMessage)
    assert (kept.media, kept.file_id, kept.source_message_id) == (media, "AgAD", 77)
    (copy,) = [row for row in await stage.all(OutboxMessage) if row.method == "copyMessage"]
    assert copy.payload == {"from_chat_id": rana.chat_id, "message_id": 77, "disable_notification": True}
    for nothing in ("undefined", "none"):
        assert nothing not in (await stage.on_its_way()).lower()


LETTER = Attachment(file_id="AgAD", name="brief.jpg", type="image/jpeg", size=4000)


def _shown(seen: Seen) -> list[str]:
    """The lines of what is going to be shared."""
    lines = [line for reply in seen.replies for part in reply.parts for line in getattr(part, "phrases", ())]
    return [line.params["text"] for line in lines if line.key == "handoff.shared_line"]


async def test_e40_a_caption_is_shown_and_passed_on_with_its_picture(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    stage.rasa.knows("Dieser Bref", "office.contact")
    stage.rasa.knows("Dieser Brief", "office.contact")
    await rana.writes("Dieser Bref", media="photo", message_id=77)
    await rana.writes("Dieser Brief", media="photo", message_id=77, edited=True)
    (line,) = _shown(await rana.writes("/human"))
    assert "Ein Bild" in line
    assert "Dieser Brief" in line
    await rana.presses("consent", "yes")
    assert [(one.media, one.text) for one in await stage.all(CaseMessage)] == [("photo", "Dieser Brief")]
    assert "Dieser Brief" in await stage.on_its_way()


async def test_e40_an_album_goes_as_one_and_is_listed_part_by_part(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    for number in range(3):
        await rana.writes(None, media="photo", message_id=77 + number, album="a", album_follows=number > 0)
    assert _shown(await rana.writes("/human")) == ["Ein Bild"] * 3
    await rana.presses("consent", "yes")
    (copy,) = [row for row in await stage.all(OutboxMessage) if row.method == "copyMessages"]
    assert copy.payload["message_ids"] == [77, 78, 79]


@pytest.mark.parametrize("unknown", [False, True], ids=["sensitive", "rasa-is-down"])
async def test_e40_a_picture_with_words_that_may_be_sensitive_is_not_kept(
    stage: Stage, rana: Visitor, *, unknown: bool
) -> None:
    stage.rasa.knows(INSULTED, "discrimination.housing")
    stage.rasa.down = unknown
    await rana.writes(INSULTED, media="photo", file=LETTER)
    (exchange,) = await stage.all(Exchange)
    assert (exchange.question, exchange.media, exchange.message_id, exchange.file) == (None, None, None, None)


async def test_e40_what_is_sent_while_the_office_waits_is_passed_on_at_once(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    for media in ("photo", "voice", "location", "contact", "sticker"):
        assert (await rana.writes(None, media=media)).said == ["handoff.added"]
    kept = [message.media for message in await stage.all(CaseMessage)]
    assert kept == ["photo", "voice", "location", "contact", "sticker"]
    assert await stage.all(Exchange) == []
