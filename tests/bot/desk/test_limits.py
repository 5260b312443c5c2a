"""Guessing passwords gets slower and slower, and nobody is locked out for ever."""

from __future__ import annotations

from datetime import timedelta

from bot.desk.limits import FIRST_WAIT, FREE_FOR_ADDRESS, FREE_FOR_LOGIN, LONGEST_WAIT, Limits
from tests.conftest import Clock

NONE = timedelta()


def fail(limits: Limits, clock: Clock, times: int, login: str = "anna", address: str = "192.0.2.1") -> list[timedelta]:
    """Attempts that do not succeed, each after the wait of the one before; the waits."""
    waits = []
    for _ in range(times):
        wait = limits.attempt(login, address, clock())
        waits.append(wait)
        if wait:
            clock.time += wait
            assert limits.attempt(login, address, clock()) == NONE
    return waits


def test_five_failures_are_free(clock: Clock) -> None:
    assert fail(Limits(), clock, FREE_FOR_LOGIN) == [NONE] * 5


def test_each_further_failure_costs_a_longer_wait_up_to_a_limit(clock: Clock) -> None:
    limits = Limits()
    fail(limits, clock, FREE_FOR_LOGIN)
    waits = fail(limits, clock, 12)
    assert waits[:3] == [FIRST_WAIT, FIRST_WAIT * 2, FIRST_WAIT * 4]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT


def test_trying_during_the_wait_does_not_make_it_longer(clock: Clock) -> None:
    limits = Limits()
    fail(limits, clock, FREE_FOR_LOGIN)
    for _ in range(50):
        limits.attempt("anna", "192.0.2.1", clock())
    assert limits.attempt("anna", "192.0.2.1", clock()) == FIRST_WAIT


def test_many_attempts_at_the_same_moment_are_counted_before_they_are_checked(clock: Clock) -> None:
    limits = Limits()
    begun = [limits.attempt("anna", f"192.0.2.{number}", clock()) for number in range(50)]
    assert begun.count(NONE) == FREE_FOR_LOGIN


def test_success_forgets_the_failures_of_the_login(clock: Clock) -> None:
    limits = Limits()
    fail(limits, clock, 4)
    limits.attempt("anna", "192.0.2.1", clock())
    limits.succeeded("anna", "192.0.2.1")
    assert fail(limits, clock, FREE_FOR_LOGIN) == [NONE] * 5


def test_others_who_guess_at_my_login_do_not_keep_me_out(clock: Clock) -> None:
    limits = Limits()
    limits.attempt("anna", "192.0.2.1", clock())
    limits.succeeded("anna", "192.0.2.1")
    fail(limits, clock, FREE_FOR_LOGIN, address="198.51.100.9")
    assert limits.attempt("anna", "198.51.100.9", clock()) > NONE
    assert limits.attempt("anna", "192.0.2.1", clock()) == NONE


def test_an_address_that_tries_many_logins_has_to_wait(clock: Clock) -> None:
    limits = Limits()
    for number in range(FREE_FOR_ADDRESS):
        assert limits.attempt(f"guess{number}", "198.51.100.9", clock()) == NONE
    assert limits.attempt("anna", "198.51.100.9", clock()) == FIRST_WAIT
    assert limits.attempt("anna", "192.0.2.1", clock()) == NONE


def test_a_password_of_ones_own_does_not_clear_an_address(clock: Clock) -> None:
    limits = Limits()
    for number in range(FREE_FOR_ADDRESS - 1):
        limits.attempt(f"guess{number}", "198.51.100.9", clock())
    limits.attempt("me", "198.51.100.9", clock())
    limits.succeeded("me", "198.51.100.9")
    assert limits.attempt("anna", "198.51.100.9", clock()) == NONE
    assert limits.attempt("bernd", "198.51.100.9", clock()) > NONE


def test_failures_are_forgotten_after_an_hour(clock: Clock) -> None:
    limits = Limits()
    fail(limits, clock, FREE_FOR_LOGIN + 3)
    clock.forward(hours=1, seconds=1)
    assert fail(limits, clock, FREE_FOR_LOGIN) == [NONE] * 5
