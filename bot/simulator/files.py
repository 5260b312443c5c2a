"""Files that travel by `file_id`: uploaded by the bot, or invented for a person who "sends a photo"."""

import struct
import zlib
from typing import Any

from bot.simulator.errors import bad_request
from bot.simulator.state import Json, Media, StoredFile
from bot.simulator.wire import Upload
from bot.simulator.world import World

MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
DEFAULT_NAMES = {
    "photo": ("photo.png", "image/png"),
    "voice": ("voice.ogg", "audio/ogg"),
    "audio": ("audio.mp3", "audio/mpeg"),
    "video": ("video.mp4", "video/mp4"),
    "sticker": ("sticker.webp", "image/webp"),
    "document": ("Satzung.pdf", "application/pdf"),
}
PHOTO_SIZE = (320, 213)
VOICE_SECONDS = 4


def sample_picture(width: int, height: int) -> bytes:
    """A small PNG with a calm gradient, so that a sent photo is a real picture."""
    rows = b"".join(
        b"\0" + b"".join(bytes((90 + 90 * x // width, 150 + 60 * y // height, 190)) for x in range(width))
        for y in range(height)
    )

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


SAMPLES = {
    "photo": sample_picture(*PHOTO_SIZE),
    "voice": b"OggS" + bytes(60),
    "document": b"%PDF-1.4\n% simulated document\n%%EOF\n",
}


def store(world: World, kind: str, upload: Upload, size: int | None = None) -> StoredFile:
    """Keep a file and give it an id; `size` claims another size in bytes than the data has."""
    if len(upload.data) > MAX_UPLOAD_BYTES:
        raise bad_request("file is too big")
    file_id = f"sim-{kind}-{world.serial():06d}"
    stored = StoredFile(file_id, kind, upload.name, upload.mime, upload.data, size or len(upload.data))
    world.files[file_id] = stored
    return stored


def sample_media(world: World, kind: str, name: str | None = None, size: int | None = None) -> Media:
    """Media of a person's message with invented content; `size` in bytes as Telegram would report it."""
    default_name, mime = DEFAULT_NAMES[kind]
    return media_of(store(world, kind, Upload(name or default_name, mime, SAMPLES.get(kind, b"sample")), size))


def media_of(stored: StoredFile) -> Media:
    """The message content for a stored file, with the fields Telegram gives for its kind."""
    base: Json = {"file_id": stored.file_id, "file_unique_id": f"u{stored.file_id}", "file_size": stored.size}
    width, height = PHOTO_SIZE
    named = {"file_name": stored.name, "mime_type": stored.mime}
    extra: dict[str, Json] = {
        "photo": {"width": width, "height": height},
        "voice": {"duration": VOICE_SECONDS, "mime_type": stored.mime},
        "audio": {"duration": VOICE_SECONDS, **named},
        "video": {"width": width, "height": height, "duration": VOICE_SECONDS, **named},
        "sticker": {
            "width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular", "emoji": "👋",
        },
        "document": named,
    }  # fmt: skip
    payload = base | extra[stored.kind]
    return Media(stored.kind, [payload] if stored.kind == "photo" else payload)


def given_media(world: World, kind: str, value: Any, upload: Upload | None) -> Media:
    """The file a bot wants to send: an upload, or a known `file_id`; 400 for unknown ids and for web addresses."""
    if upload is not None:
        return media_of(store(world, kind, upload))
    if not value:
        raise bad_request(f"there is no {kind} in the request")
    if str(value).startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    stored = world.files.get(str(value))
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if stored.kind != kind and kind != "document":
        raise bad_request(f"can't use file of type {stored.kind.title()} as {kind.title()}")
    return media_of(stored)
