"""How the action server says over HTTP what went wrong."""

from __future__ import annotations

from aiohttp import web


def error_answer(status: int, code: str, message: str) -> web.Response:
    """Return an error in the shape that every route has: a code for programs, words for logs."""
    return web.json_response({"error": {"code": code, "message": message}}, status=status)
