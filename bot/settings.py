"""Every setting of the bot: read once from the environment or `.env`, checked at start.

`Settings()` never talks to the outside; `load()` turns pydantic's report into one line per wrong setting.
The README's table of settings is compared with this class by a test.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import DirectoryPath, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.handoff.calendar import Calendar
from bot.handoff.hours import parse_hours
from bot.handoff.timers import Limits
from bot.storage.retention import Retention

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
        default="http://127.0.0.1:5005", pattern=r"^https?://[^,\s]+(,\s*https?://[^,\s]+)*$",
        description="Address of the Rasa server; of several with commas between them: where one fails, the next is "
        "asked.",
    )
    rasa_timeout: float = Field(default=3.0, gt=0, description="Seconds to wait for Rasa before doing without it.")
    rasa_token: SecretStr = Field(
        default=SecretStr(""),
        description="Secret that the bot and its Rasa servers share, the same environment variable for both. "
        "`make run` makes one up where it starts Rasa itself.",
    )
    actions_port: int = Field(
        default=5055, ge=1, le=65535, description="Port where Rasa finds the actions of the guided flows."
    )
    actions_host: str = Field(
        default="127.0.0.1", description="Address that port is opened on. Nobody but Rasa may reach it."
    )
    timezone: str = Field(default="Europe/Berlin", description="Time zone of the office.")
    languages: str = Field(
        default="de,en,tr,ar,ru,uk,pl,fa", description="Languages offered, in the order of the buttons."
    )
    office_language: str = Field(default="de", description="Language of the staff group.")
    office_hours: str = Field(
        default="",
        description="When somebody answers, e.g. `Mon-Thu 09:00-16:00, Fri 09:00-12:00`. "
        "Empty: the bot promises no time. What is set at the desk goes before it.",
    )
    holidays: str = Field(
        default="DE-HE", description="Whose public holidays the office keeps (ISO 3166-2, e.g. `DE-HE`); empty: none.",
        pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$",
    )
    promise_hours: float = Field(
        default=4, gt=0, description="Opening hours within which people are promised to hear from somebody."
    )
    queue_reminder_minutes: int = Field(
        default=30, ge=1, description="Opening minutes after which staff are reminded of a case that nobody took."
    )
    owner_reminder_minutes: int = Field(
        default=120, ge=1, description="Opening minutes after which the owner is reminded of a person who waits."
    )
    release_minutes: int = Field(
        default=360, ge=2, description="Opening minutes after which such a case goes back to the queue."
    )
    idle_reminder_hours: int = Field(
        default=20, ge=1, description="Hours after which a person who owes an answer is reminded once."
    )
    idle_hours: int = Field(
        default=24, ge=2, description='Hours after which such a person is asked "solved?".'
    )
    grace_hours: int = Field(
        default=72, ge=1, description="Hours after the end in which a new message may take the case up again."
    )
    referral_days: int = Field(
        default=14, ge=1, description="Days after which a person who agreed is asked whether a referral worked."
    )
    exchange_hours: int = Field(
        default=24, ge=1, le=24, description="Hours that questions are kept so that a hand-off can include them."
    )
    intake_minutes: int = Field(default=30, ge=1, description="Minutes after which an unanswered consent lapses.")
    return_hours: int = Field(
        default=48, ge=1, description='Hours after which a finished case without an answer to "solved?" is closed.'
    )
    retention_days: int = Field(
        default=90, ge=1, description="Days after the last word in which the texts of a case that has ended are kept."
    )
    flow_days: int = Field(
        default=14, ge=1, description="Days without a word after which the answers of an unfinished flow are erased."
    )
    unanswered_days: int = Field(
        default=180, ge=1,
        description="Days that questions without a good answer are kept, freed of personal data, to improve the FAQ.",
    )
    person_days: int = Field(
        default=365, ge=1, description="Days after their last message in which a person without a case is remembered."
    )
    traffic_days: int = Field(
        default=7, ge=2, description="Days that it is known which messages went back and forth, without their texts."
    )
    audit_days: int = Field(
        default=365, ge=1, description="Days that the record of what staff did is kept."
    )
    statistics_days: int = Field(
        default=1095, ge=1, description="Days that counts, and cases without person and text, are kept."
    )
    staff_days: int = Field(
        default=90, ge=1, description="Days after leaving in which the name and login of a member of staff are kept."
    )
    backup_days: int = Field(
        default=30, ge=1, description="Days that backups are kept, and that it is known who may not come back from one."
    )
    backup_folder: Path = Field(
        default=ROOT / "var" / "backups", description="Folder of the backups and of the list of who was erased."
    )
    messages_per_minute: int = Field(
        default=30, ge=1, description="Messages of one person a minute that are answered; more get one request to wait."
    )
    messages_per_minute_all: int = Field(
        default=2000, ge=1,
        description="Messages and presses of all people a minute; beyond it people are asked to come back later. "
        "Words of danger and the way to a human being get through.",
    )
    newcomers_per_minute: int = Field(
        default=2000, ge=1, description="People a minute who write for the first time; beyond it the same is said."
    )
    desk_port: int = Field(
        default=8090, ge=0, le=65535, description="Port of the office's web desk; 0: no desk."
    )
    desk_host: str = Field(
        default="127.0.0.1", description="Address the desk listens on. Put a web server with TLS before it."
    )
    desk_url: str = Field(
        default="", description="Address under which staff open the desk, e.g. `https://desk.example.org`; with "
        "`https` its cookies are sent over TLS only. Empty: this machine, without TLS.", pattern=r"^(https?://.+)?$",
    )
    web_port: int = Field(
        default=0, ge=0, le=65535,
        description="Port for what other machines ask of the bot (Telegram's webhook, whether it is well); 0: none.",
    )
    web_host: str = Field(default="127.0.0.1", description="Address that port is opened on.")
    webhook_url: str = Field(
        default="", pattern=r"^(https?://[^/\s]+/\S+)?$",
        description="Where Telegram brings updates, e.g. `https://bot.example.org/telegram`: there a web server with "
        "TLS passes them on to `WEB_PORT`. Empty: the bot asks for them.",
    )
    webhook_secret: SecretStr = Field(
        default=SecretStr(""), validate_default=True,
        description="What proves that it is Telegram: at least 16 of A-Z, a-z, 0-9, _ and -.",
    )
    translation_url: str = Field(
        default="", description="Address of a LibreTranslate server of your own; empty: no machine translates.",
        pattern=r"^(https?://.+)?$",
    )
    translation_api_key: SecretStr = Field(default=SecretStr(""), description="Its key, if it wants one.")
    translation_timeout: float = Field(default=10.0, gt=0, description="Seconds to wait for it.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR."
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="text or json: what a line of the log looks like (docs/operations.md)."
    )

    @field_validator("webhook_secret")
    @classmethod
    def _fit_for_the_webhook(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if info.data.get("webhook_url") and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", value.get_secret_value()):
            raise ValueError("must be 16 to 256 of A-Z, a-z, 0-9, _ and - if WEBHOOK_URL is set")
        return value

    @field_validator("webhook_url")
    @classmethod
    def _has_a_port(cls, value: str, info: ValidationInfo) -> str:
        if value and not info.data.get("web_port"):
            raise ValueError("needs WEB_PORT")
        return value

    @field_validator("holidays")
    @classmethod
    def _known_holidays(cls, value: str) -> str:
        country, _, subdivision = value.partition("-")
        Calendar({}, ZoneInfo("UTC"), country=country, subdivision=subdivision)
        return value

    @field_validator("release_minutes")
    @classmethod
    def _after_the_reminder(cls, value: int, info: ValidationInfo) -> int:
        if value <= info.data.get("owner_reminder_minutes", 0):
            raise ValueError("must be more than OWNER_REMINDER_MINUTES")
        return value

    @field_validator("idle_hours")
    @classmethod
    def _after_being_reminded(cls, value: int, info: ValidationInfo) -> int:
        if value <= info.data.get("idle_reminder_hours", 0):
            raise ValueError("must be more than IDLE_REMINDER_HOURS")
        return value

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
    def secrets(self) -> tuple[str, ...]:
        """Whatever no log may hold: the secret settings, and the passwords in addresses, also as they stand there."""
        found: list[str] = []
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, SecretStr):
                found.append(value.get_secret_value())
            elif isinstance(value, str) and "://" in value:
                found += [password for one in value.split(",") if (password := urlsplit(one).password)]
        return tuple(form for secret in found if secret for form in (secret, unquote(secret)))

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        """What is printed of the settings: of addresses not their passwords."""
        for name, value in super().__repr_args__():
            for secret in self.secrets:
                value = value.replace(secret, "***") if isinstance(value, str) else value
            yield name, value

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def calendar(self) -> Calendar:
        """The office's calendar as the settings give it, in its own time zone."""
        country, _, subdivision = self.holidays.partition("-")
        return Calendar(parse_hours(self.office_hours), self.zone, country=country, subdivision=subdivision)

    @property
    def retention(self) -> Retention:
        """How long each kind of data is kept."""
        return Retention(**{field.name: getattr(self, field.name) for field in fields(Retention)})

    @property
    def limits(self) -> Limits:
        """How long each wait of the hand-off is."""
        return Limits(
            intake=timedelta(minutes=self.intake_minutes), promise=timedelta(hours=self.promise_hours),
            queue_reminder=timedelta(minutes=self.queue_reminder_minutes),
            owner_reminder=timedelta(minutes=self.owner_reminder_minutes),
            release=timedelta(minutes=self.release_minutes),
            idle_reminder=timedelta(hours=self.idle_reminder_hours), idle=timedelta(hours=self.idle_hours),
            no_answer=timedelta(hours=self.return_hours), grace=timedelta(hours=self.grace_hours),
            referral=timedelta(days=self.referral_days),
        )  # fmt: skip


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
