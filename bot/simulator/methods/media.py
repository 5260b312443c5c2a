"""Sending files, places and contacts, and fetching files."""

from typing import Any

from bot.simulator import rules
from bot.simulator.errors import bad_request
from bot.simulator.files import MAX_DOWNLOAD_BYTES, given_media
from bot.simulator.methods.messages import send_as_bot
from bot.simulator.render import message_json
from bot.simulator.state import Json, Media
from bot.simulator.wire import Params
from bot.simulator.world import World

ALBUM_KINDS = frozenset({"photo", "document", "audio", "video"})


def _send_file(world: World, params: Params, kind: str) -> Json:
    rules.writable_chat(world, params)
    text, entities = rules.caption_of(params)
    media = given_media(world, kind, params.maybe_text(kind), params.upload(kind))
    content = {"media": media, "text": text, "entities": entities}
    return message_json(world, send_as_bot(world, params, content))


def send_photo(world: World, params: Params) -> Json:
    """Send a picture by file_id or upload."""
    return _send_file(world, params, "photo")


def send_document(world: World, params: Params) -> Json:
    """Send a document by file_id or upload."""
    return _send_file(world, params, "document")


def send_voice(world: World, params: Params) -> Json:
    """Send a voice message by file_id or upload."""
    return _send_file(world, params, "voice")


def send_audio(world: World, params: Params) -> Json:
    """Send a sound file by file_id or upload."""
    return _send_file(world, params, "audio")


def send_video(world: World, params: Params) -> Json:
    """Send a film by file_id or upload."""
    return _send_file(world, params, "video")


def send_sticker(world: World, params: Params) -> Json:
    """Send a sticker by file_id or upload."""
    return _send_file(world, params, "sticker")


def send_location(world: World, params: Params) -> Json:
    """Send a place, in degrees."""
    rules.writable_chat(world, params)
    try:
        place = {name: float(params.text(name)) for name in ("latitude", "longitude")}
    except ValueError as error:
        raise bad_request("latitude is invalid") from error
    return message_json(world, send_as_bot(world, params, {"media": Media("location", place)}))


def send_contact(world: World, params: Params) -> Json:
    """Send a phone number with a name."""
    rules.writable_chat(world, params)
    contact = {name: params.text(name) for name in ("phone_number", "first_name")}
    if not all(contact.values()):
        raise bad_request("phone number and first name must be non-empty")
    return message_json(world, send_as_bot(world, params, {"media": Media("contact", contact)}))


def _album_item(world: World, params: Params, item: Any) -> Json:
    kind = str(item.get("type", ""))
    if kind not in ALBUM_KINDS:
        raise bad_request(f'can\'t parse InputMedia: type "{kind}" is unsupported')
    value = item.get("media")
    media = given_media(world, kind, value, params.attached(value))
    text, entities = rules.caption_of(
        Params({name: item.get(name) for name in ("caption", "parse_mode", "caption_entities")})
    )
    return {"media": media, "text": text, "entities": entities}


def send_media_group(world: World, params: Params) -> list[Json]:
    """Send 2 to 10 files as one album."""
    rules.writable_chat(world, params)
    items = params.data("media") or []
    if not 2 <= len(items) <= 10:
        raise bad_request("wrong number of messages in the album: 2 to 10 are allowed")
    contents = [_album_item(world, params, item) for item in items]
    _require_one_sort([content["media"].kind for content in contents])
    group = world.album_id()
    return [
        message_json(world, send_as_bot(world, params, {**content, "media_group_id": group})) for content in contents
    ]


def _require_one_sort(kinds: list[str]) -> None:
    """400 when documents or sounds share an album with something else; photos and films may be mixed."""
    for kind in ("document", "audio"):
        if kind in kinds and set(kinds) != {kind}:
            raise bad_request(f"{kind} can't be mixed with other media types")


def get_file(world: World, params: Params) -> Json:
    """Where to download a file; 400 for unknown ids and beyond Telegram's 20 MB."""
    stored = world.files.get(params.text("file_id"))
    if stored is None:
        raise bad_request("invalid file_id")
    if stored.size > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    path = f"{stored.kind}s/{stored.file_id}/{stored.name}"
    unique = f"u{stored.file_id}"
    return {"file_id": stored.file_id, "file_unique_id": unique, "file_size": stored.size, "file_path": path}
