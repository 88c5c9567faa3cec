"""HTTP to a running system: its refusals and its absence become our errors."""

import asyncio
from typing import Any

import aiohttp

from baton.client.errors import NotReachable, Refused

#: Longest whole request (s): a restarting service answers well before.
TIMEOUT = aiohttp.ClientTimeout(total=20)


def open_http(*, connections: int = 100) -> aiohttp.ClientSession:
    """Return a session whose cookies work for 127.0.0.1 too; 0 connections: any number at once."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections),
        timeout=TIMEOUT,
        cookie_jar=aiohttp.CookieJar(unsafe=True),
    )


async def post_json(
    http: aiohttp.ClientSession, url: str, body: Any, *, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    """POST JSON and return the JSON of the answer ({} when it has no body).

    Raises:
        NotReachable: nothing answers.
        Refused: the answer is an error; carries its code and status.
    """
    return await _json(http, "POST", url, json=body, headers=headers)


async def put_json(
    http: aiohttp.ClientSession, url: str, body: Any, *, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    """PUT JSON and return the JSON of the answer; errors as `post_json`."""
    return await _json(http, "PUT", url, json=body, headers=headers)


async def get_json(
    http: aiohttp.ClientSession, url: str, *, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    """GET JSON; errors as `post_json`."""
    return await _json(http, "GET", url, headers=headers)


async def delete(
    http: aiohttp.ClientSession, url: str, *, headers: dict[str, str] | None = None
) -> None:
    """DELETE a resource; errors as `post_json`."""
    await _json(http, "DELETE", url, headers=headers)


async def delete_json(
    http: aiohttp.ClientSession, url: str, *, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    """DELETE a resource and return the JSON of the answer; errors as `post_json`."""
    return await _json(http, "DELETE", url, headers=headers)


async def get_page(http: aiohttp.ClientSession, url: str) -> tuple[int, str]:
    """Return status and text of a page; raise NotReachable when nothing answers."""
    try:
        async with http.get(url) as answer:
            return answer.status, await answer.text()
    except (aiohttp.ClientConnectionError, asyncio.TimeoutError, OSError) as error:
        raise NotReachable(url, str(error) or type(error).__name__) from None


async def _json(
    http: aiohttp.ClientSession, method: str, url: str, **options: Any
) -> dict[str, Any]:
    try:
        async with http.request(method, url, **options) as answer:
            text = await answer.text()
            parsed = await answer.json(content_type=None) if text else {}
    except (aiohttp.ClientConnectionError, asyncio.TimeoutError, OSError) as error:
        raise NotReachable(url, str(error) or type(error).__name__) from None
    except (aiohttp.ClientError, ValueError) as error:
        raise Refused("not_baton", f"{url} does not answer as Baton does ({error})") from None
    if not isinstance(parsed, dict):
        raise Refused("not_baton", f"{url} does not answer as Baton does", answer.status)
    if answer.status >= 400:
        fault = parsed.get("error") or {}
        code, words = fault.get("code", "server_error"), fault.get("message", answer.reason)
        raise Refused(code, str(words), answer.status, parsed)
    return parsed
