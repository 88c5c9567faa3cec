"""Second factors: codes of an app that change every 30 seconds, and codes for when it is lost.

TOTP as in RFC 6238 (SHA-1, six digits, 30 s), one step of clock difference either way; a code
serves once (section 5.2 there).
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import delete, func, select, update

from handoff_service.archive.audit import write_audit
from handoff_service.archive.database import Database
from handoff_service.archive.sessions import digest
from handoff_service.archive.tables.people import RecoveryCodeRow, SecondFactorRow
from handoff_service.refusals import FactorSet, WrongCode

STEP_MS = 30_000
#: So many recovery codes there are; 80 random bits each, so a plain hash keeps them.
RECOVERY_CODES = 10
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # without 0/o, 1/l, which look alike


@dataclass(frozen=True, slots=True)
class Factor:
    """What is known of a person's second factor."""

    set_ms: int | None  #: None: there is none
    recovery_left: int


class SecondFactors:
    """Of everybody. All methods raise ArchiveUnavailable."""

    def __init__(self, database: Database, *, signing_key: str) -> None:
        """Keep secrets encrypted with a key made of the signing key."""
        self._database = database
        key = hmac.new(signing_key.encode(), b"baton second factors", hashlib.sha256).digest()
        self._cipher = Fernet(base64.urlsafe_b64encode(key))

    async def of(self, account_id: str) -> Factor:
        """Say what somebody has."""
        unused = select(func.count()).where(
            RecoveryCodeRow.account_id == account_id, RecoveryCodeRow.used_ms.is_(None)
        )
        async with self._database.session() as session:
            row = await session.get(SecondFactorRow, account_id)
            set_ms = row.set_ms if row else None
            left = await session.scalar(unused) or 0
        return Factor(set_ms, left if set_ms is not None else 0)

    async def everybody(self) -> frozenset[str]:
        """Return the ids of the accounts that have one."""
        wanted = select(SecondFactorRow.account_id).where(SecondFactorRow.set_ms.is_not(None))
        async with self._database.session() as session:
            return frozenset(await session.scalars(wanted))

    async def begin(self, account_id: str) -> str:
        """Make a new secret and return it, base32; it counts from its first right code on.

        Raises:
            FactorSet: there is one already.
        """
        secret = pyotp.random_base32()
        kept = self._cipher.encrypt(secret.encode()).decode()
        statement = self._database.insert(SecondFactorRow).values(
            account_id=account_id, secret=kept, set_ms=None, last_step=0
        )
        statement = statement.on_conflict_do_update(
            index_elements=["account_id"],
            set_={"secret": kept, "last_step": 0},
            where=SecondFactorRow.set_ms.is_(None),
        )
        async with self._database.session() as session:
            made = await session.scalar(statement.returning(SecondFactorRow.account_id))
        if made is None:
            raise FactorSet
        return secret

    async def confirm(self, account_id: str, code: str, *, now_ms: int) -> list[str]:
        """Set the factor that was begun; return the recovery codes, this once.

        Raises:
            WrongCode: not a code of it.
            FactorSet: it is set already.
        """
        async with self._database.session() as session:
            row = await session.get(SecondFactorRow, account_id, with_for_update=True)
            if row is None:
                raise WrongCode
            if row.set_ms is not None:
                raise FactorSet
            row.last_step = self._step_of(row, code, now_ms)
            row.set_ms = now_ms
            write_audit(
                session,
                actor=account_id,
                action="second_factor.set",
                at_ms=now_ms,
                subject=account_id,
            )
        return await self.renew_recovery(account_id)

    async def check(self, account_id: str, code: str, *, now_ms: int) -> str:
        """Use a code up, of the app or a recovery code; say `second_factor` or `recovery_code`.

        Raises:
            WrongCode: neither, or used before.
        """
        text = "".join(code.split()).replace("-", "").lower()
        if not text.isascii():
            raise WrongCode
        if not text.isdigit():
            await self._use_recovery(account_id, text, now_ms=now_ms)
            return "recovery_code"
        async with self._database.session() as session:
            row = await session.get(SecondFactorRow, account_id)
            if row is None or row.set_ms is None:
                raise WrongCode
            step = self._step_of(row, text, now_ms)
            # In one step with the comparison: of two who send the same code one gets in.
            used = (
                update(SecondFactorRow)
                .where(SecondFactorRow.account_id == account_id, SecondFactorRow.last_step < step)
                .values(last_step=step)
                .returning(SecondFactorRow.account_id)
            )
            if await session.scalar(used) is None:
                raise WrongCode
        return "second_factor"

    async def renew_recovery(self, account_id: str) -> list[str]:
        """Make new recovery codes; the old ones serve no more."""
        codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
        async with self._database.session() as session:
            await session.execute(
                delete(RecoveryCodeRow).where(RecoveryCodeRow.account_id == account_id)
            )
            for code in codes:
                kept = digest(code.replace("-", ""))
                session.add(RecoveryCodeRow(account_id=account_id, code_hash=kept, used_ms=None))
        return codes

    async def remove(self, account_id: str, *, actor: str, origin: str = "", now_ms: int) -> bool:
        """Take a factor away; return whether there was one."""
        async with self._database.session() as session:
            await session.execute(
                delete(RecoveryCodeRow).where(RecoveryCodeRow.account_id == account_id)
            )
            gone = delete(SecondFactorRow).where(SecondFactorRow.account_id == account_id)
            was_there = await session.scalar(gone.returning(SecondFactorRow.account_id)) is not None
            if was_there:
                write_audit(
                    session,
                    actor=actor,
                    origin=origin,
                    action="second_factor.removed",
                    at_ms=now_ms,
                    subject=account_id,
                )
        return was_there

    def _step_of(self, row: SecondFactorRow, code: str, now_ms: int) -> int:
        """Return the number of the time step whose code this is. Raises WrongCode."""
        try:
            secret = self._cipher.decrypt(row.secret.encode()).decode()
        except InvalidToken as error:  # made under another signing key: an admin takes it away
            raise WrongCode from error
        totp, now = pyotp.TOTP(secret), now_ms // STEP_MS
        text = "".join(code.split())
        for step in (now, now - 1, now + 1):
            if step > row.last_step and _same(totp.generate_otp, step, text):
                return step
        raise WrongCode

    async def _use_recovery(self, account_id: str, code: str, *, now_ms: int) -> None:
        has_factor = (
            select(SecondFactorRow.account_id)
            .where(SecondFactorRow.account_id == account_id, SecondFactorRow.set_ms.is_not(None))
            .exists()
        )
        used = (
            update(RecoveryCodeRow)
            .where(
                RecoveryCodeRow.account_id == account_id,
                RecoveryCodeRow.code_hash == digest(code),
                RecoveryCodeRow.used_ms.is_(None),
                has_factor,
            )
            .values(used_ms=now_ms)
            .returning(RecoveryCodeRow.account_id)
        )
        async with self._database.session() as session:
            if await session.scalar(used) is None:
                raise WrongCode
            write_audit(
                session,
                actor=account_id,
                action="second_factor.recovered",
                at_ms=now_ms,
                subject=account_id,
            )


def provisioning_uri(secret: str, *, login: str, issuer: str) -> str:
    """Return what a QR code tells the app (the Key Uri Format of Google Authenticator)."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def _same(make: Callable[[int], str], step: int, text: str) -> bool:
    return hmac.compare_digest(make(step).encode(), text.encode())


def _recovery_code() -> str:
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
    return "-".join(groups)
