"""The bot's command menu and its descriptions, per scope and language."""

import re
from typing import Any

from bot.simulator.errors import bad_request
from bot.simulator.state import Json
from bot.simulator.wire import Params
from bot.simulator.world import World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"([a-z]{2})?")
MAX_COMMANDS = 100
MAX_COMMAND_DESCRIPTION = 256
MAX_LENGTH = {"description": 512, "short_description": 120}


def _language(params: Params) -> str:
    language = params.text("language_code")
    if not LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


def _key(params: Params) -> tuple[str, str]:
    scope = params.data("scope") or {"type": "default"}
    kind = str(scope.get("type", "default"))
    place = ":".join(str(scope[name]) for name in ("chat_id", "user_id") if name in scope)
    return (f"{kind}:{place}" if place else kind), _language(params)


def _command(given: Any) -> Json:
    command = str(given.get("command", "")).removeprefix("/")
    description = str(given.get("description", "")).strip()
    if not COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= MAX_COMMAND_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command, "description": description}


def set_my_commands(world: World, params: Params) -> bool:
    """Set the menu for one scope and language."""
    commands = [_command(given) for given in params.data("commands") or []]
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.commands[_key(params)] = commands
    world.page.send("commands", {})
    return True


def get_my_commands(world: World, params: Params) -> list[Json]:
    """The menu of exactly this scope and language; no fallback, as on Telegram."""
    return world.commands.get(_key(params), [])


def delete_my_commands(world: World, params: Params) -> bool:
    """Remove the menu of one scope and language."""
    world.commands.pop(_key(params), None)
    world.page.send("commands", {})
    return True


def _set_text(world: World, params: Params, name: str) -> bool:
    text = params.text(name)
    if len(text) > MAX_LENGTH[name]:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    world.bot_texts[name][_language(params)] = text
    return True


def _get_text(world: World, params: Params, name: str) -> Json:
    texts = world.bot_texts[name]
    return {name: texts.get(_language(params)) or texts.get("", "")}


def set_my_description(world: World, params: Params) -> bool:
    """Set what an empty chat shows."""
    return _set_text(world, params, "description")


def set_my_short_description(world: World, params: Params) -> bool:
    """Set what the bot's profile shows."""
    return _set_text(world, params, "short_description")


def get_my_description(world: World, params: Params) -> Json:
    """The description for a language, else the general one."""
    return _get_text(world, params, "description")


def get_my_short_description(world: World, params: Params) -> Json:
    """The short description for a language, else the general one."""
    return _get_text(world, params, "short_description")
