"""Every setting of the bot: read once from the environment or `.env`, checked at start.

`Settings()` never talks to the outside; `load()` turns pydantic's report into one line per wrong setting.
The README's table of settings is compared with this class by a test.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import DirectoryPath, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.handoff.hours import OfficeHours, parse_hours

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """A setting is missing or wrong; the text is one clear line per setting."""


class Settings(BaseSettings):
    """What an operator can set. Names are environment variables in upper case."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True)

    telegram_token: SecretStr = Field(min_length=1, description="The bot's token from @BotFather.")
    staff_chat_id: int = Field(description="Id of the office's Telegram group, a forum (begins with -100).", lt=0)
    telegram_api_url: str = Field(
        default="https://api.telegram.org",
        description="Address of the Bot API; also for a self-hosted Bot API server or the simulator.",
        pattern=r"^https?://",
    )
    database_url: str = Field(
        default=f"sqlite+aiosqlite:///{ROOT / 'var' / 'wegweiser.db'}",
        description="SQLAlchemy address: `sqlite+aiosqlite:///file` or `postgresql+asyncpg://user:password@host/name`.",
        pattern=r"^(sqlite\+aiosqlite|postgresql\+asyncpg)://",
    )
    knowledge_folder: DirectoryPath = Field(
        default=ROOT / "knowledge", description="Folder of the curated content; changes are live while the bot runs."
    )
    rasa_url: str = Field(
        default="http://127.0.0.1:5005", description="Address of the Rasa server.", pattern=r"^https?://"
    )
    rasa_timeout: float = Field(default=3.0, gt=0, description="Seconds to wait for Rasa before doing without it.")
    actions_port: int = Field(
        default=5055, ge=1, le=65535, description="Port on loopback where Rasa finds the actions of the guided flows."
    )
    timezone: str = Field(default="Europe/Berlin", description="Time zone of the office.")
    languages: str = Field(
        default="de,en,tr,ar,ru,uk,pl,fa", description="Languages offered, in the order of the buttons."
    )
    office_language: str = Field(default="de", description="Language of the staff group.")
    office_hours: str = Field(
        default="",
        description="When somebody answers, e.g. `Mon-Thu 09:00-16:00, Fri 09:00-12:00`. "
        "Empty: the bot promises no time.",
    )
    exchange_hours: int = Field(
        default=24, ge=1, le=24, description="Hours that questions are kept so that a hand-off can include them."
    )
    intake_minutes: int = Field(default=30, ge=1, description="Minutes after which an unanswered consent lapses.")
    return_hours: int = Field(
        default=48, ge=1, description='Hours after which a finished case without an answer to "solved?" is closed.'
    )
    flow_days: int = Field(
        default=14, ge=1, description="Days without a word after which the answers of an unfinished flow are erased."
    )
    messages_per_minute: int = Field(
        default=30, ge=1, description="Messages of one person a minute that are answered; more get one request to wait."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR."
    )

    @field_validator("languages")
    @classmethod
    def _at_least_one(cls, value: str) -> str:
        if not any(code.strip() for code in value.split(",")):
            raise ValueError("names no language (example: de,en,tr,ar)")
        return value

    @field_validator("office_language")
    @classmethod
    def _is_offered(cls, value: str, info: ValidationInfo) -> str:
        offered = [code.strip() for code in str(info.data.get("languages", "")).split(",")]
        if offered != [""] and value not in offered:
            raise ValueError(f"{value} is not among LANGUAGES")
        return value

    @field_validator("database_url")
    @classmethod
    def _readable_address(cls, value: str) -> str:
        try:
            make_url(value)
        except (ArgumentError, ValueError):
            # What the parser says may hold the password.
            raise ValueError("cannot be read (example: postgresql+asyncpg://user:password@host:5432/name)") from None
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("is not a known time zone (example: Europe/Berlin)") from error
        return value

    @field_validator("office_hours")
    @classmethod
    def _readable_hours(cls, value: str) -> str:
        parse_hours(value)
        return value

    @property
    def language_codes(self) -> tuple[str, ...]:
        """The configured languages as codes, in order."""
        return tuple(code.strip() for code in self.languages.split(",") if code.strip())

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def hours(self) -> OfficeHours:
        """The office's opening hours, in its own time zone."""
        return OfficeHours(parse_hours(self.office_hours), self.zone)


def load(**given: Any) -> Settings:
    """Read the settings; `given` ones (by field name) go before environment and `.env`.

    Raises `SettingsError` with one line per setting that is missing or wrong.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            name = ".".join(str(part) for part in problem["loc"]).upper()
            missing = problem["type"] == "missing"
            reason = "is missing; set it in the environment or in .env" if missing else problem["msg"]
            lines.append(f"setting {name}: {reason.removeprefix('Value error, ')} (see README, Settings)")
        raise SettingsError("\n".join(lines)) from error
