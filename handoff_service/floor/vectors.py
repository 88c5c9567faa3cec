"""Asks the dialogue engine for the vectors of texts: its process has the model in memory."""

import asyncio
import base64
import binascii
from collections import OrderedDict
from collections.abc import Sequence

import aiohttp
import numpy as np

from handoff_service.errors import BotUnavailable
from handoff_service.floor.spikes import Matrix

#: Texts in one request: as many as the engine takes.
AT_ONCE = 16
#: Pause after each request, in seconds: customers' turns go before.
PAUSE_S = 0.25
#: How long one request may take, in seconds: 16 texts take some 0.1 s.
TIMEOUT_S = 10.0
#: Vectors kept, 1.5 KB each.
KEPT = 5_000


class Vectors:
    """Keeps what it was told lately: of what was asked in the last hour most is known already."""

    def __init__(self, session: aiohttp.ClientSession, *, url: str, token: str) -> None:
        """`session` is closed by whoever made it."""
        self._session = session
        self._url = f"{url}/webhooks/baton/vectors"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        self._kept: OrderedDict[str, Matrix] = OrderedDict()
        self._fingerprint = ""

    async def of(self, texts: Sequence[str]) -> Matrix:
        """Return one row for each text, of length 1. Raises BotUnavailable."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._kept]
        for start in range(0, len(missing), AT_ONCE):
            if start:
                await asyncio.sleep(PAUSE_S)
            await self._fetch(missing[start : start + AT_ONCE])
        try:
            found = np.stack([self._kept[text] for text in texts])
        except KeyError as error:  # another model has come in between
            raise BotUnavailable("the model was changed") from error
        for text in texts:
            self._kept.move_to_end(text)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return found

    async def _fetch(self, texts: Sequence[str]) -> None:
        try:
            async with self._session.post(
                self._url, json={"texts": texts}, headers=self._headers, timeout=self._timeout
            ) as response:
                response.raise_for_status()
                body = await response.json()
            if body["fingerprint"] != self._fingerprint:
                self._kept.clear()
                self._fingerprint = body["fingerprint"]
            for text in texts:
                raw = base64.b64decode(body["texts"][text], validate=True)
                self._kept[text] = np.frombuffer(raw, dtype="<f4")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise BotUnavailable(f"{type(error).__name__}: {error}") from error
        except (ValueError, LookupError, TypeError, binascii.Error) as error:
            raise BotUnavailable("no vectors in the answer") from error
