"""The action of this flow: its form is read as all are."""

from __future__ import annotations

from flows.guide.actions import GuidedForm


class FoundingChecklist(GuidedForm):
    """Reads the answers of the form."""

    flow = "founding_checklist"
