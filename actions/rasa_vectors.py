"""Asks Rasa for the vectors of texts: its process has the embedding model in memory already."""

from __future__ import annotations

import json
import logging
import urllib.request
from typing import Any

logger = logging.getLogger(__name__)

#: One text takes some 5 ms; a Rasa that needs longer (s) than this is loading or gone.
TIMEOUT_S = 5.0


class RasaVectors:
    """A client of the channel's `/vectors`; blocks, so it is called in threads."""

    def __init__(self, url: str, *, token: str) -> None:
        """Take the address of Rasa and the token that its channel expects."""
        self._url = f"{url.rstrip('/')}/webhooks/baton/vectors"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def fetch(self, texts: list[str]) -> dict[str, Any]:
        """Return {"fingerprint", "texts": {text: base64 of float32}}; {} when Rasa does not answer.

        Whoever asks can embed by itself, only more slowly.
        """
        body = json.dumps({"texts": texts}).encode()
        request = urllib.request.Request(self._url, body, self._headers)  # noqa: S310 (a setting)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
                found: dict[str, Any] = json.loads(answer.read())
        except (OSError, ValueError) as error:  # URLError, HTTPError and time-outs are OSErrors
            logger.warning("Rasa gives no vectors: %s", error)
            return {}
        return found
