"""What the tests of `knowledge` share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.knowledge.shelf_builder import Content


@pytest.fixture
def content(tmp_path: Path) -> Content:
    """An empty content folder."""
    return Content(tmp_path)
