"""Copying and forwarding messages between chats."""

from typing import Any

from bot.simulator import rules
from bot.simulator.errors import bad_request
from bot.simulator.methods.messages import send_as_bot
from bot.simulator.render import message_json, user_json
from bot.simulator.state import Json, Message
from bot.simulator.wire import Params
from bot.simulator.world import World


def _source(world: World, params: Params, verb: str) -> Message:
    message = rules.chat_of(world, params, "from_chat_id").live(params.number("message_id"))
    if message is None:
        raise bad_request(f"message to {verb} not found")
    if message.service:
        raise bad_request(f"message can't be {'copied' if verb == 'copy' else 'forwarded'}")
    return message


def copy_message(world: World, params: Params) -> Json:
    """Send the content of a message anew without a link to the original; returns only the new id."""
    rules.writable_chat(world, params)
    content = _content(_source(world, params, "copy"))
    if content["media"] is not None and params.maybe_text("caption") is not None:
        content["text"], content["entities"] = rules.caption_of(params)
    return {"message_id": send_as_bot(world, params, content).message_id}


def forward_message(world: World, params: Params) -> Json:
    """Send a message with the mark who wrote it first."""
    rules.writable_chat(world, params)
    source = _source(world, params, "forward")
    return message_json(world, send_as_bot(world, params, {**_content(source), **_origin(world, source)}))


def copy_messages(world: World, params: Params) -> list[Json]:
    """Copy up to 100 messages in order, albums as albums; what is not there is skipped. Returns the new ids."""
    sources = _sources(world, params)
    contents = [_content(source) for source in sources]
    if params.flag("remove_caption"):
        contents = [content | {"text": "", "entities": []} if content["media"] else content for content in contents]
    return _send_all(world, params, sources, contents)


def forward_messages(world: World, params: Params) -> list[Json]:
    """Forward up to 100 messages in order, albums as albums; what is not there is skipped. Returns the new ids."""
    sources = _sources(world, params)
    return _send_all(world, params, sources, [{**_content(one), **_origin(world, one)} for one in sources])


def _content(source: Message) -> Json:
    return {"text": source.text, "entities": source.entities, "media": source.media}


def _origin(world: World, source: Message) -> Json:
    author = user_json(world.user(source.sender))
    return {"forward_origin": source.forward_origin or {"type": "user", "sender_user": author, "date": int(source.at)}}


def _sources(world: World, params: Params) -> list[Message]:
    """The messages that can be copied; 400 when there is none or the ids are not as Telegram wants them."""
    rules.writable_chat(world, params)
    chat = rules.chat_of(world, params, "from_chat_id")
    found = [chat.live(message_id) for message_id in rules.message_ids(params)]
    sources = [message for message in found if message is not None and not message.service]
    if not sources:
        raise bad_request("there are no messages to forward")
    return sources


def _send_all(world: World, params: Params, sources: list[Message], contents: list[Json]) -> list[Json]:
    albums = _new_albums(world, sources)
    sent = [
        send_as_bot(world, params, {**content, "media_group_id": albums.get(source.media_group_id)})
        for source, content in zip(sources, contents, strict=True)
    ]
    return [{"message_id": message.message_id} for message in sent]


def _new_albums(world: World, sources: list[Message]) -> dict[Any, str]:
    """A new id for each album of which more than one message is sent."""
    groups = [source.media_group_id for source in sources if source.media_group_id]
    return {group: world.album_id() for group in dict.fromkeys(groups) if groups.count(group) > 1}
