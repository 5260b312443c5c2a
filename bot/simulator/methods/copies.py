"""Copying and forwarding messages between chats."""

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
    source = _source(world, params, "copy")
    text, entities = source.text, source.entities
    if source.media is not None and params.maybe_text("caption") is not None:
        text, entities = rules.caption_of(params)
    sent = send_as_bot(world, params, {"text": text, "entities": entities, "media": source.media})
    return {"message_id": sent.message_id}


def forward_message(world: World, params: Params) -> Json:
    """Send a message with the mark who wrote it first."""
    rules.writable_chat(world, params)
    source = _source(world, params, "forward")
    author = user_json(world.user(source.sender))
    origin = source.forward_origin or {"type": "user", "sender_user": author, "date": int(source.at)}
    content = {"text": source.text, "entities": source.entities, "media": source.media}
    return message_json(world, send_as_bot(world, params, {**content, "forward_origin": origin}))
