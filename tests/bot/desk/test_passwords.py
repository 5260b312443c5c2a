"""Which passwords are taken, and how they are kept."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from bot.desk.passwords import START, Passwords, is_start, made_up, weakness
from tests.bot.desk.conftest import CHEAP, PASSWORD

DEARER = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("kurz", "password.too_short"),
        ("x" * 201, "password.too_long"),
        ("Frau Annegret", "password.is_name"),
        ("fraUannegret", "password.is_name"),
        ("annegret.meier", "password.is_name"),
        ("Password1234", "password.common"),
        ("aaaaaaaaaaaaaa", "password.common"),
        ("annegret.meier123!", "password.common"),
        (PASSWORD, None),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(password: str, reason: str | None) -> None:
    assert weakness(password, "annegret.meier", "Frau Annegret") == reason


def test_a_start_password_is_good_enough_and_never_the_same() -> None:
    made = [made_up() for _ in range(50)]
    assert len(set(made)) == 50
    assert [weakness(password, "anna", "Frau A.") for password in made] == [None] * 50


async def test_only_the_right_password_fits() -> None:
    passwords = Passwords(CHEAP)
    stored = await passwords.hash(PASSWORD)
    assert PASSWORD not in stored
    assert (await passwords.check(stored, PASSWORD)).right
    assert not (await passwords.check(stored, PASSWORD + " ")).right


@pytest.mark.parametrize("stored", [None, "", "no hash at all", START])
async def test_without_a_hash_no_password_fits(stored: str | None) -> None:
    assert not (await Passwords(CHEAP).check(stored, PASSWORD)).right


async def test_an_unknown_login_costs_as_much_work_as_a_known_one() -> None:
    class Counting(PasswordHasher):
        checked = 0

        def verify(self, *given: object) -> bool:  # type: ignore[override]
            Counting.checked += 1
            return super().verify(*given)  # type: ignore[arg-type]

    passwords = Passwords(Counting(time_cost=1, memory_cost=64, parallelism=1))
    await passwords.check(None, PASSWORD)
    assert Counting.checked == 1


async def test_a_hash_made_with_other_parameters_is_renewed_and_keeps_its_mark() -> None:
    old = CHEAP.hash(PASSWORD)
    right, renewed = await Passwords(DEARER).check(START + old, PASSWORD)
    assert right
    assert renewed
    assert is_start(renewed)
    assert "t=2" in renewed
    assert await Passwords(DEARER).check(renewed, PASSWORD) == (True, None)


async def test_a_wrong_password_renews_nothing() -> None:
    assert await Passwords(DEARER).check(CHEAP.hash(PASSWORD), "falsch") == (False, None)
