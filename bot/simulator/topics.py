"""What happens in the forum when a topic comes, goes or closes, whoever does it."""

from bot.simulator.state import Chat, Json, Message, Topic
from bot.simulator.world import World


def add_topic(world: World, chat: Chat, topic: Topic, by: int) -> Message:
    """Put a topic into the forum; its id becomes the id of the service message, which is returned."""
    topic.id = chat.next_message_id
    created: Json = {"name": topic.name, "icon_color": topic.icon_color}
    if topic.icon:
        created["icon_custom_emoji_id"] = topic.icon
    chat.topics[topic.id] = topic
    message = world.post(chat, by, topic=topic.id, service={"forum_topic_created": created})
    world.show_topics()
    return message


def set_closed(world: World, chat: Chat, topic: Topic, *, closed: bool, by: int) -> Message:
    """Close or reopen a topic; returns the service message about it."""
    topic.closed = closed
    service: Json = {"forum_topic_closed" if closed else "forum_topic_reopened": {}}
    message = world.post(chat, by, topic=topic.id, service=service)
    world.show_topics()
    return message


def delete_topic(world: World, chat: Chat, topic: Topic) -> None:
    """Delete a topic and its messages; Telegram leaves no service message behind."""
    topic.deleted = True
    for message in chat.messages.values():
        if message.topic == topic.id and not message.deleted:
            world.delete(message)
    world.show_topics()
