"""Attempts to sign in are counted, on either database, though they come at once."""

import asyncio

from handoff_service.archive.sign_in import note_attempt
from handoff_service.refusals import TooManyAttempts

NOW_MS = 1_780_000_000_000


async def test_attempts_at_once_count_each_other(database):
    tries = (
        note_attempt(database, "jo", origin="192.0.2.7", now_ms=NOW_MS, limit=3) for _ in range(8)
    )
    ended = await asyncio.gather(*tries, return_exceptions=True)

    refused = [each for each in ended if isinstance(each, TooManyAttempts)]
    assert len(refused) == 5
    assert [type(each) for each in ended if each not in refused] == [str] * 3
