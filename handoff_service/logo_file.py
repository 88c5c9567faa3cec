"""Reads a site's logo: small, and truly the picture that its name says."""

import hashlib
from pathlib import Path
from xml.etree import ElementTree

from handoff_service.sites import Logo

#: A logo is shown 32 pixels high: more than this is a photograph.
LARGEST_BYTES = 32 * 1024

KINDS = "an SVG, PNG or WebP file"
_SVG = "{http://www.w3.org/2000/svg}svg"


class BadLogo(Exception):
    """The file cannot be used; the text says why and what would do."""


def read_logo(path: Path) -> Logo:
    """Read a picture and tell its type by what it holds.

    An SVG may hold no DTD: entities are how a small file grows without end. Scripts in it never
    run, since it is served under a policy that forbids them and shown as an image.

    Raises:
        BadLogo: it is missing, too large, or no such picture.
    """
    try:
        size = path.stat().st_size
        body = path.read_bytes() if size <= LARGEST_BYTES else b""
    except OSError as error:
        raise BadLogo(f"{path.name} cannot be read ({error.strerror})") from error
    if size > LARGEST_BYTES:
        raise BadLogo(f"{path.name} has {size} bytes; at most {LARGEST_BYTES} do")
    return Logo(body, _content_type(path.name, body), hashlib.sha256(body).hexdigest()[:12])


def _content_type(name: str, body: bytes) -> str:
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise BadLogo(f"{name} holds a document type; remove the line that begins with <!DOCTYPE")
    try:
        tag = ElementTree.fromstring(body).tag  # noqa: S314 (small, and without entities)
    except (ElementTree.ParseError, ValueError, LookupError):
        tag = ""
    if tag != _SVG:
        raise BadLogo(f"{name} is not {KINDS}")
    return "image/svg+xml"
