"""All Bot API methods in one table: lower-case name -> what it does with the world.

A method is synchronous and therefore atomic; waiting methods (`getUpdates`) live in `bot_api`.
"""

from collections.abc import Callable
from typing import Any

from bot.simulator.methods import callbacks, chats, commands, copies, edits, forum, inline, media, messages
from bot.simulator.wire import Params
from bot.simulator.world import World

Method = Callable[[World, Params], Any]

METHODS: dict[str, Method] = {
    name.lower(): method
    for name, method in {
        "getMe": chats.get_me,
        "logOut": chats.acknowledge,
        "close": chats.acknowledge,
        "sendMessage": messages.send_message,
        "sendChatAction": messages.send_chat_action,
        "deleteMessage": messages.delete_message,
        "deleteMessages": messages.delete_messages,
        "setMessageReaction": messages.set_message_reaction,
        "pinChatMessage": messages.pin_chat_message,
        "unpinChatMessage": messages.unpin_chat_message,
        "editMessageText": edits.edit_message_text,
        "editMessageCaption": edits.edit_message_caption,
        "editMessageReplyMarkup": edits.edit_message_reply_markup,
        "copyMessage": copies.copy_message,
        "copyMessages": copies.copy_messages,
        "forwardMessage": copies.forward_message,
        "forwardMessages": copies.forward_messages,
        "answerCallbackQuery": callbacks.answer_callback_query,
        "answerInlineQuery": inline.answer_inline_query,
        "sendPhoto": media.send_photo,
        "sendDocument": media.send_document,
        "sendVoice": media.send_voice,
        "sendAudio": media.send_audio,
        "sendVideo": media.send_video,
        "sendSticker": media.send_sticker,
        "sendLocation": media.send_location,
        "sendContact": media.send_contact,
        "sendMediaGroup": media.send_media_group,
        "getFile": media.get_file,
        "createForumTopic": forum.create_forum_topic,
        "editForumTopic": forum.edit_forum_topic,
        "closeForumTopic": forum.close_forum_topic,
        "reopenForumTopic": forum.reopen_forum_topic,
        "deleteForumTopic": forum.delete_forum_topic,
        "getForumTopicIconStickers": forum.get_forum_topic_icon_stickers,
        "getChat": chats.get_chat,
        "getChatMember": chats.get_chat_member,
        "getChatAdministrators": chats.get_chat_administrators,
        "setMyCommands": commands.set_my_commands,
        "getMyCommands": commands.get_my_commands,
        "deleteMyCommands": commands.delete_my_commands,
        "setMyDescription": commands.set_my_description,
        "setMyShortDescription": commands.set_my_short_description,
        "getMyDescription": commands.get_my_description,
        "getMyShortDescription": commands.get_my_short_description,
    }.items()
}
