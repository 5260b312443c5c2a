"""/mydata on Telegram: something to read, and a file to take along that any program can read."""

from __future__ import annotations

import json

from tests.bot.telegram.whole import Whole
from tests.journeys.traces import file_of
from tests.simulator.conftest import TOKEN


async def test_a_person_gets_a_text_and_a_file(bot: Whole) -> None:
    rana = bot.phone("tr")
    await rana.ask("Şenlik için bir salon")
    asked = await rana.send("/mydata")
    await rana.reads("privacy.mydata", after=asked)
    sent = await rana.reads("privacy.mydata_file", after=asked)
    assert sent["file_name"] == "mydata.json"
    held = json.loads(await file_of(rana, sent, TOKEN))
    assert (held["schema"], held["person"]["chat_id"], held["person"]["language"]) == ("wegweiser/mydata", 1001, "tr")
