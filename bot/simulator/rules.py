"""What Telegram checks before it lets a bot act; every refusal carries Telegram's own description."""

import json
from typing import Any

from bot.simulator.entities import formatted
from bot.simulator.errors import bad_request, forbidden, migrated
from bot.simulator.state import Chat, Json, Message
from bot.simulator.wire import Params
from bot.simulator.world import HIGHEST_KNOWN_USER_ID, World

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_CALLBACK_BYTES = 64
MAX_BUTTONS = 100
MAX_MESSAGE_IDS = 100
ACTIONS = frozenset(
    {"callback_data", "url", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
     "copy_text", "pay", "callback_game", "switch_inline_query_chosen_chat"}
)  # fmt: skip


def chat_of(world: World, params: Params, name: str = "chat_id") -> Chat:
    """The chat a call is about; 400 when there is none (or it moved), 403 when the person never wrote."""
    given = params.text(name)
    if not given:
        raise bad_request(f"{name} is empty")
    if not given.lstrip("-").isdigit():
        raise bad_request("chat not found")
    chat_id = int(given)
    if chat_id in world.moved:
        raise migrated(world.moved[chat_id])
    if chat_id > 0 and not (chat_id in world.users and world.users[chat_id].started):
        if chat_id <= HIGHEST_KNOWN_USER_ID:
            raise forbidden("bot can't initiate conversation with a user")
        raise bad_request("chat not found")
    if chat_id not in world.chats:
        raise bad_request("chat not found")
    return world.chats[chat_id]


def writable_chat(world: World, params: Params) -> Chat:
    """The chat a call wants to write to; 403 when the person blocked the bot or the group removed it."""
    chat = chat_of(world, params)
    if not chat.is_group and world.users[chat.id].blocked:
        raise forbidden("bot was blocked by the user")
    if chat.is_group:
        require_bot_in(chat)
    return chat


def require_bot_in(chat: Chat) -> None:
    """403 when the bot is no longer in the group."""
    if chat.bot_status == "kicked":
        raise forbidden("bot was kicked from the supergroup chat")
    if chat.bot_status == "left":
        raise forbidden("bot is not a member of the supergroup chat")


def topic_of(chat: Chat, params: Params) -> int | None:
    """The topic to write into, None for General or a private chat; 400 when unknown, deleted or closed."""
    topic_id = params.maybe_number("message_thread_id")
    if not topic_id:
        return None
    topic = chat.topics.get(topic_id)
    if topic is None or topic.deleted:
        raise bad_request("message thread not found")
    if topic.closed and not (chat.bot_writes_in_closed_topics and chat.can_manage_topics):
        raise bad_request("TOPIC_CLOSED")
    return topic_id


def reply_of(chat: Chat, params: Params) -> int | None:
    """The message to reply to; 400 when it is missing, unless sending without reply is allowed."""
    reply = params.data("reply_parameters") or {}
    if not isinstance(reply, dict):
        raise bad_request("can't parse reply parameters JSON object")
    wanted = reply.get("message_id") or params.maybe_number("reply_to_message_id")
    if not wanted:
        return None
    if chat.live(int(wanted)) is not None:
        return int(wanted)
    if reply.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def message_ids(params: Params, *, rising: bool = True) -> list[int]:
    """The ids of a call about 1 to 100 messages, in order when that is asked for; 400 for anything else."""
    given = params.data("message_ids") or []
    if not isinstance(given, list):
        raise bad_request("expected an Array of message identifiers")
    if not given:
        raise bad_request("message identifiers are not specified")
    if len(given) > MAX_MESSAGE_IDS:
        raise bad_request("too many message identifiers specified")
    try:
        ids = [int(item) for item in given]
    except (TypeError, ValueError) as error:
        raise bad_request("message identifier is not a Number") from error
    if rising and ids != sorted(set(ids)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    return ids


def text_of(params: Params) -> tuple[str, list[Json]]:
    """The text of a message with its entities; 400 when empty, too long or broken."""
    if not params.text("text").strip():
        raise bad_request("message text is empty")
    text, entities = formatted(params.text("text"), params.maybe_text("parse_mode"), params.data("entities"))
    if not text:
        raise bad_request("text must be non-empty")
    if len(text) > MAX_TEXT:
        raise bad_request("message is too long")
    return text, entities


def caption_of(params: Params) -> tuple[str, list[Json]]:
    """The caption of a file with its entities (both may be empty); 400 when too long or broken."""
    text, entities = formatted(params.text("caption"), params.maybe_text("parse_mode"), params.data("caption_entities"))
    if len(text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return text, entities


def markup_of(params: Params) -> Json:
    """`Message` fields for the given reply_markup: `buttons` under the message or a `keyboard` of the person."""
    markup = params.data("reply_markup")
    if not markup:
        return {}
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return {"buttons": inline_buttons(markup["inline_keyboard"]) or None}
    rows = markup.get("keyboard") or []
    return {"keyboard": [[_keyboard_text(button) for button in row] for row in rows] or None}


def _keyboard_text(button: Any) -> str:
    text = button if isinstance(button, str) else str(button.get("text", ""))
    if not text.strip():
        raise bad_request("keyboard button text must be non-empty")
    return text


def inline_buttons(rows: Any) -> list[list[Json]]:
    """Checked rows of inline buttons, empty rows left out; 400 for anything Telegram refuses."""
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('can\'t parse inline keyboard: field "inline_keyboard" must be of type Array')
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return [[_inline_button(button) for button in row] for row in rows if row]


def _inline_button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if not ACTIONS & button.keys():
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= MAX_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not _is_url(str(button["url"])):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    return dict(button)


def _is_url(url: str) -> bool:
    scheme, gap, rest = url.partition("://")
    if not gap:
        return "." in url and " " not in url
    return scheme in {"http", "https", "tg", "ton"} and bool(rest) and " " not in url


def own_message(world: World, chat: Chat, params: Params) -> Message:
    """The bot's message to edit; 400 when it is gone or somebody else's."""
    message_id = params.maybe_number("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    message = chat.live(message_id)
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender != world.bot.id or message.service:
        raise bad_request("message can't be edited")
    return message


def require_change(message: Message, changes: Json) -> None:
    """400 when an edit would leave everything as it is."""
    same = all(_frozen(getattr(message, name)) == _frozen(value) for name, value in changes.items())
    if same:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same"
            " as a current content and reply markup of the message"
        )


def _frozen(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def require_topic_rights(chat: Chat, action: str) -> None:
    """400 when the group is no forum of which the bot manages the topics."""
    _require_forum(chat)
    if chat.bot_status != "administrator" or not chat.can_manage_topics:
        raise bad_request(f"not enough rights to {action} topic")


def require_right_to_delete(chat: Chat) -> None:
    """400 when the bot may not delete topics; Telegram excepts small ones of its own, which is nothing to rely on."""
    _require_forum(chat)
    if not chat.bot_may("can_delete_messages"):
        raise bad_request("not enough rights to delete the topic")


def _require_forum(chat: Chat) -> None:
    if not chat.is_group:
        raise bad_request("the chat is not a forum")
    require_bot_in(chat)
