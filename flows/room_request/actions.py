"""The action of this flow: its form is read as all are."""

from __future__ import annotations

from flows.guide.actions import GuidedForm


class RoomRequest(GuidedForm):
    """Reads the answers of the form."""

    flow = "room_request"
