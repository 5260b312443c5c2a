"""The office's side of a case. `deeds`: what staff can do with it, the same from the group and from the desk; `group`:
what they write and press in the Telegram group."""
