"""One real stand-in for all tests of this room, reset before each."""

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.translation.client import LibreTranslate
from tests.libretranslate import StandIn, running

TIMEOUT_S = 0.5


@pytest.fixture(scope="session")
def _stand_in() -> Iterator[StandIn]:
    with running() as state:
        yield state


@pytest.fixture
def service(_stand_in: StandIn) -> StandIn:
    _stand_in.reset()
    return _stand_in


@pytest.fixture
async def client(service: StandIn) -> AsyncIterator[LibreTranslate]:
    client = LibreTranslate(service.url, None, TIMEOUT_S)
    yield client
    await client.close()
