"""The control side: what people do, what goes wrong, and what can be seen, as plain JSON over HTTP.

A wrong request is answered with 400 (or 409, 504) and `{"error": one line}`; unknown fields are wrong. The first field
that is `chat` means the private chat when it is missing; `topic` the group's General. `update_id` is null in an answer
when the bot has not asked for that kind of update.

POST /sim/...

| action | fields (optional ones in brackets) | what happens |
| --- | --- | --- |
| `message` | user, text or one of photo, voice, document, sticker, video, audio, location, contact: true; [caption, chat, topic, reply_to, forward, anonymous, media_group_id, file_name, file_size, language_code, name] | a person writes; `file_size` in bytes is claimed, so beyond 20 MB the bot cannot fetch it |
| `album` | user, items: 2-10 of photo, video, document, audio; [caption, chat, topic, reply_to, ...] | one album, the caption on its first item -> message_ids, update_ids, media_group_id |
| `edit` | user, message_id, text; [chat] | a person changes a text or (of a file) the caption |
| `press` | user, message_id, data; [chat, stale, expired] | a press of an inline button -> callback_query_id |
| `react` | user, message_id; [chat, emoji] | a reaction, or none |
| `block`, `unblock` | user | a person blocks the bot or no longer |
| `inline` | user, query; [chat, topic, offset] | types the bot's name and words -> inline_query_id, results, next_offset, button, is_personal, cache_time; answers are kept for cache_time as on Telegram, then update_id is null |
| `choose` | user, inline_query_id, result_id; [chat, topic] | posts a result via the bot -> message_id, update_id, chosen_update_id |
| `botfather` | [inline, inline_feedback] | inline mode (on) and the feedback `chosen_inline_result` (off) |
| `member` | user, status: member, administrator, creator, restricted, left, kicked; [name, by] | somebody joins, leaves, is promoted ... -> update_id of chat_member, service_update_id |
| `rights` | [status: administrator, member, left, kicked; can_manage_topics, can_delete_messages, can_pin_messages, can_invite_users, writes_in_closed_topics] | what the bot may do in the group -> update_id of my_chat_member |
| `topic` | action: create, rename, close, reopen, delete; topic; [name, user] | a staff member changes a topic by hand; a deletion is not told to the bot |
| `migrate` | | the group gets another id |
| `fault` | error, delay, after or thread_ignored; [method, chat, times, retry_after, description] or clear | the next calls fail |
| `limit` | [topics_per_minute, group_messages_per_minute] | 429 beyond so many a minute and group; what is missing has no limit |
| `redeliver` | update_id | an update arrives once more |
| `reset` | | people, messages, faults, limits and logs are forgotten |

GET /sim/...

| view | what is seen |
| --- | --- |
| `chat/<id>[?topic=<id>&service=1]` | messages in order (topic 0 is General) |
| `callback/<id>` | the bot's answer to a press, null while there is none |
| `topics`, `group`, `users`, `commands` | the forum's topics, the group, everybody, the bot's name and menus |
| `calls[?method=<name>&since=<Unix time>]`, `pending` | calls of the bot without texts, number of updates not yet fetched |
"""  # noqa: E501

from bot.simulator.control.routes import control_routes

__all__ = ["control_routes"]
