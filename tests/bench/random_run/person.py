"""A person with a phone."""

from __future__ import annotations

from dataclasses import dataclass

from tests.bench.random_run.actors import Actor, Deed, one_of
from tests.journeys.words import HOW_MANY_MEMBERS, SPOKEN

EDITABLE = 5
"""Of so many newest messages one is edited."""
QUESTIONS = tuple(HOW_MANY_MEMBERS.values())
"""What the bot answers by itself: while a human talks with the person nobody may get to see that answer."""
TALK = {
    "de": ("Wir sind zwölf Leute und suchen einen Saal", "Am dritten Mai um zehn Uhr", "Der Verein heißt Brücke"),
    "en": ("We are twelve people and look for a hall", "On the third of May at ten", "Our group is called Bridge"),
    "tr": ("On iki kişiyiz ve bir salon arıyoruz", "Üç Mayıs saat onda", "Derneğimizin adı Köprü"),
    "ar": ("نحن اثنا عشر شخصا ونبحث عن قاعة", "في الثالث من مايو في الساعة العاشرة", "اسم جمعيتنا الجسر"),
}
"""What is said to a human being; nothing in it is yes, no or thanks."""
LANGUAGES = tuple(TALK)
PRESSES = {
    "consent": 40, "solved": 30, "same": 10, "human": 6, "withdraw": 2, "addto": 2, "language": 1,
    "menu": 2, "newmenu": 2, "topic": 4, "ask": 6, "steps": 1, "rate": 2, "glossary": 1, "words": 1, "term": 1,
}  # fmt: skip
"""How likely each kind of button is pressed while it can be seen. No guided flows: their answers are no messages."""
assert set(LANGUAGES) <= set(SPOKEN)


@dataclass
class Person(Actor):
    """Somebody who needs the office; `blocked`: at the moment they do not let the bot write."""

    blocked: bool = False

    def deeds(self) -> list[Deed]:
        """Whoever has blocked the bot can do nothing but let it write again."""
        if self.blocked:
            return [("unblock", 1, self._unblock)]
        found = self.buttons()
        pressed: list[Deed] = [
            (f"press {name}", weight, self.pressing(one_of(self.chance, found, name)))
            for name, weight in PRESSES.items() if name in found
        ]  # fmt: skip
        return [
            *pressed, ("write", 22, self._talk), ("question", 10, self._question), ("/human", 14, self._ask_for_human),
            ("/start", 3, self._start), ("sticker", 3, self._sticker), ("photo", 3, self._photo),
            ("edit", 6, self._edit), ("block", 1.5, self._block),
        ]  # fmt: skip

    async def _talk(self) -> None:
        await self.write(self.chance.choice(TALK[self.phone.language]))

    async def _question(self) -> None:
        await self.write(HOW_MANY_MEMBERS[self.phone.language])

    async def _photo(self) -> None:
        await self.write(self.chance.choice(TALK[self.phone.language]), photo=True)

    async def _sticker(self) -> None:
        await self.send(None, sticker=True)

    async def _start(self) -> None:
        await self.command("/start")

    async def _ask_for_human(self) -> None:
        await self.command("/human")

    async def _edit(self) -> None:
        editable = [one for one, _ in zip(self.ledger.of(self.phone.user), range(EDITABLE), strict=False) if one.mark]
        if editable:
            await self.edit(self.chance.choice(editable), self.chance.choice(TALK[self.phone.language]))

    async def _block(self) -> None:
        self._note(await self.phone.control("block", user=self.phone.user))
        self.blocked = True

    async def _unblock(self) -> None:
        self._note(await self.phone.control("unblock", user=self.phone.user))
        self.blocked = False
