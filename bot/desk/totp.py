"""The second factor: six digits from an app (RFC 6238), each of which counts once."""

from __future__ import annotations

import hmac
import io
from datetime import datetime

import pyotp
import segno
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.models import Staff

STEP_S = 30
ISSUER = "Wegweiser"


def new_secret() -> str:
    """160 random bits in base 32, as RFC 4226 recommends."""
    return pyotp.random_base32()


def fitting_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step of `code`, if it is of now, the step before or the one after; else None."""
    digits = "".join(code.split())
    present = int(now.timestamp()) // STEP_S
    made = pyotp.TOTP(secret)
    for step in (present, present - 1, present + 1):
        if hmac.compare_digest(made.at(step * STEP_S).encode(), digits.encode()):
            return step
    return None


async def use(session: AsyncSession, staff: Staff, code: str, now: datetime) -> bool:
    """Whether the code fits and was never used; from now on it is."""
    step = fitting_step(staff.totp_secret or "", code, now) if staff.totp_secret else None
    if step is None:
        return False
    # The comparison and the mark are one statement: of two requests with the same code one gets in.
    newer = update(Staff).where(Staff.id == staff.id, Staff.totp_step < step).values(totp_step=step)
    result = await session.execute(newer.returning(Staff.id))
    return result.scalar_one_or_none() is not None


def picture(secret: str, login: str) -> bytes:
    """The QR code that an app reads, as SVG."""
    address = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)
    drawn = io.BytesIO()
    segno.make(address, micro=False, error="m").save(drawn, kind="svg", scale=6, border=2, xmldecl=False)
    return drawn.getvalue()
