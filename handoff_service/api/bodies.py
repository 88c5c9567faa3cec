"""Reads JSON bodies into the dataclasses of `schemas`, writes answers from them."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TypeVar

from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from handoff_service.refusals import BadFrame, BadJson, words_for

T = TypeVar("T")

#: Readers by shape, each made once: to make one costs as much as a thousand readings.
_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


async def read_body(request: web.Request, shape: type[T]) -> T:
    """Read the JSON body as `shape`; unknown fields are ignored.

    Raises:
        BadJson: not a JSON object.
        BadFrame: a field is missing or has no acceptable value; names the fields.
    """
    try:
        values = json.loads(await request.text())
    except (ValueError, RecursionError) as error:
        raise BadJson from error
    if not isinstance(values, dict):
        raise BadJson
    return read_values(values, shape)


def read_values(values: Mapping[str, Any], shape: type[T]) -> T:
    """Read a mapping, of a body or a query, as `shape`. Raises BadFrame."""
    try:
        if shape not in _ADAPTERS:
            _ADAPTERS[shape] = TypeAdapter(shape)
        read: T = _ADAPTERS[shape].validate_python(dict(values))
        return read
    except ValidationError as error:
        names = sorted({".".join(map(str, part["loc"])) for part in error.errors()})
        raise BadFrame(names) from error


def answer(body: Any, *, status: int = 200) -> web.Response:
    """Write a dataclass of `schemas`, or a dict of its shape, as a JSON response."""
    values = body if isinstance(body, dict) else asdict(body)
    # Half a character, sent back in a complaint about it, is no reason to fail.
    text = json.dumps(values, ensure_ascii=False).encode(errors="replace").decode()
    return web.json_response(text=text, status=status, headers={"Cache-Control": "no-store"})


def refusal(
    code: str,
    *,
    status: int,
    fields: tuple[str, ...] = (),
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> web.Response:
    """Write an error as every part of the API does; `more` stands beside it."""
    error: dict[str, Any] = {"code": code, "message": words_for(code)}
    if fields:
        error["fields"] = list(fields)
    response = answer({"error": error, **(more or {})}, status=status)
    response.headers.update(headers or {})
    return response
