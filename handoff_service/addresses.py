"""Whose address a request comes from."""

from ipaddress import ip_address

from aiohttp import web


def client_address(request: web.Request) -> str:
    """Return the address that limits are counted for.

    A proxy in front of the service is on this machine or on its private network; only then is the
    header believed that a proxy adds, and of it only the last entry, the proxy's own.
    """
    peer = request.remote or "unknown"
    forwarded = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
    if not forwarded or not _is_private(peer):
        return peer
    try:
        return str(ip_address(forwarded))
    except ValueError:
        return peer


def _is_private(address: str) -> bool:
    try:
        return ip_address(address).is_private
    except ValueError:
        return False
