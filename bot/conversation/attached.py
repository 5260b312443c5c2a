"""Files of messages, as they are stored with them."""

from __future__ import annotations

from bot.conversation.incoming import Attachment
from bot.storage.models import CaseMessage


def attach(kept: CaseMessage, file: Attachment | None) -> None:
    """The message has this file, and no other."""
    file = file or Attachment(file_id="")
    kept.file_id, kept.file_unique_id = file.file_id or None, file.unique_id
    kept.file_name, kept.file_type, kept.file_size = file.name, file.type, file.size
