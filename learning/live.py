"""Give a running Rasa another model, and the old one back when the new one does not answer."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import aiohttp

from learning.errors import SwapFailed

#: Loading takes well under a second; a loaded machine may need longer (s).
TIMEOUT_S = 60.0


def swap(url: str, *, token: str, new: Path, old: Path | None) -> None:
    """Let the Rasa at `url` serve `new`; on any failure let it serve `old` again.

    Raises:
        SwapFailed: the new model does not serve; the message says why and what serves now.
    """
    asyncio.run(_swap(url, token=token, new=new.resolve(), old=old and old.resolve()))


async def _swap(url: str, *, token: str, new: Path, old: Path | None) -> None:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S)) as http:
        why = await _put_and_check(http, url, token=token, model=new)
        if why is None:
            return
        if old is None:
            raise SwapFailed(f"the new model does not serve ({why}) and there is no older one")
        back = await _put_and_check(http, url, token=token, model=old)
        state = f"also fails to serve ({back})" if back else "serves again"
        raise SwapFailed(f"the new model does not serve ({why}); {old.name} {state}")


async def _put_and_check(
    http: aiohttp.ClientSession, url: str, *, token: str, model: Path
) -> str | None:
    """Return None when `model` serves, else why not."""
    try:
        async with http.put(
            f"{url}/model", params={"token": token}, json={"model_file": str(model)}
        ) as answer:
            if answer.status != 204:
                body = await answer.json(content_type=None)
                return str(body.get("message") or f"status {answer.status}")
        async with http.get(f"{url}/webhooks/baton/health") as answer:
            checks: dict[str, Any] = (await answer.json())["checks"]["model"]
    except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
        return f"Rasa does not answer: {error!r}"
    if not checks["ok"]:
        return str(checks["why"])
    return None if checks["model"] == model.name else f"{checks['model']} serves instead"
