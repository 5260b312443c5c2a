"""A port that cannot be had is a line for the operator that says which setting is wrong."""

from __future__ import annotations

import pytest

from bot.settings import SettingsError
from bot.web import listen


def test_an_address_of_another_machine_is_not_called_a_taken_port() -> None:
    with pytest.raises(SettingsError, match=r"^setting DESK_HOST: 192\.0\.2\.1 is no address of this machine"):
        listen("192.0.2.1", 0, "DESK_PORT")


def test_a_taken_port_is_called_so() -> None:
    with listen("127.0.0.1", 0, "DESK_PORT") as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"^setting DESK_PORT: port {port} is taken by another program"):
            listen("127.0.0.1", port, "DESK_PORT")


def test_what_is_no_address_at_all_is_called_so() -> None:
    with pytest.raises(SettingsError, match=r"^setting DESK_HOST: ::zz is no address of this machine"):
        listen("::zz", 0, "DESK_PORT")
