"""The founding checklist on a phone: answered, ticked off, asked to remind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from knowledge.checklist import Step
from tests.journeys.phone import Message, Phone, labels
from tests.journeys.traces import today
from tests.journeys.walk import Walk, begin
from tests.journeys.words import LIBRARY, PHRASES, bare, pattern

PROFILE = {"registered": "yes", "charitable": "yes", "employees": "no", "children": "no", "outside_eu": "yes"}
STEPS: dict[str, Step] = {step.id: step for step in LIBRARY.checklist.all_steps}


@dataclass
class Checklist:
    """The list on a phone, as it stands in one message."""

    phone: Phone
    message: Message

    async def shows(self, done: int, of: int) -> Checklist:
        """Wait until the list says how far the group is."""
        said = pattern(self.phone.language, "founding_checklist.head", done=done, of=of)
        self.message = await self.phone.until(
            lambda one: one["message_id"] == self.message["message_id"] and bool(said.search(one["text"]))
        )
        return self

    async def tap(self, wanted: str) -> None:
        """Press the button that is called exactly this, or a phrase of the locales, as soon as it is there."""
        wanted = PHRASES.say(self.phone.language, wanted) if wanted in PHRASES.keys else wanted
        await self._press(lambda button: bare(button["text"]) == wanted)

    async def _press(self, fits: Callable[[dict[str, str]], bool]) -> None:
        def buttons(message: Message) -> list[str]:
            return [one["data"] for row in message["buttons"] for one in row if fits(one)]

        self.message = await self.phone.until(
            lambda one: one["message_id"] == self.message["message_id"] and bool(buttons(one))
        )
        await self.phone.press_data(self.message["message_id"], buttons(self.message)[0])

    async def tick(self, step: str, mark: str = "⬜") -> None:
        """Press a step that shows this mark."""
        await self.tap(f"{mark} {STEPS[step].title(self.phone.language)}")

    async def met_on(self, day: date) -> None:
        """Press the founding meeting and its day, in the month shown or the one before."""
        await self.tick("founding_meeting")
        if day.month != today().month:
            first = f":{day.replace(day=1)}"
            await self._press(lambda button: button["data"].endswith(first))
        await self._press(lambda button: button["data"].endswith(f"founding_meeting:{day}") and button["text"] != "·")

    def offers(self, step: str) -> bool:
        """Whether the step can be pressed."""
        return any(STEPS[step].title(self.phone.language) in one for one in labels(self.message))


async def answer(walk: Walk, answers: dict[str, str]) -> Checklist:
    """Press an answer to each question, then "show the list"; it appears in the place of the questions."""
    following = [*list(answers)[1:], "check"]
    for choice, then in zip(answers.values(), following, strict=True):
        await walk.choose(choice, then)
    await walk.tap(PHRASES.say(walk.phone.language, "founding_checklist.check_yes"))
    return Checklist(walk.phone, walk.message)


async def profile(phone: Phone, *, keep: str = "yes", **other: str) -> Checklist:
    """Start from the menu and answer like PROFILE, but for the answers named."""
    walk = await begin(phone, "founding_checklist", "registered")
    return await answer(walk, PROFILE | other | {"keep": keep})


async def reminded(checklist: Checklist, days: int, hour: str) -> None:
    """Choose a reminder under the list; both questions stand in one message, and the promise at last."""
    phone = checklist.phone
    await checklist.tap("founding_checklist.remind")
    when = await phone.reads("founding_checklist.remind_when")
    await phone.press(when, PHRASES.say(phone.language, "flow.in_days", {"count": days}))
    await phone.press(await phone.reads("founding_checklist.remind_hour"), hour)
    assert (await phone.reads("founding_checklist.will_remind"))["message_id"] == when["message_id"]
