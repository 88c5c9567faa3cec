"""Reads the address of the place where files are kept. Pure."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

FORM = "file:///FOLDER, or s3://BUCKET/PREFIX?endpoint=https://HOST&region=NAME"
#: What an s3:// address may say beside bucket and prefix.
_OPTIONS = frozenset({"endpoint", "region"})


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where: an endpoint without a slash at its end, a bucket, a prefix of keys or ""."""

    endpoint: str
    name: str
    prefix: str
    region: str


def read_address(raw: str) -> Path | Bucket:
    """Return the folder or the bucket; raise ValueError when it names neither."""
    parts = urlsplit(raw)
    if parts.scheme == "file" and parts.netloc in {"", "localhost"} and len(parts.path) > 1:
        return Path(parts.path)
    options = dict(parse_qsl(parts.query))
    endpoint = urlsplit(options.get("endpoint", ""))
    if parts.scheme != "s3" or not parts.hostname or not options.keys() <= _OPTIONS:
        raise ValueError(raw)
    if endpoint.scheme not in {"http", "https"} or not endpoint.hostname:
        raise ValueError(raw)
    return Bucket(
        endpoint=options["endpoint"].rstrip("/"),
        name=parts.netloc,
        prefix=parts.path.strip("/"),
        region=options.get("region", "us-east-1"),
    )


def check_url(raw: str) -> str:
    """Return the address as it is; raise ValueError when it is none that can be used."""
    read_address(raw)
    return raw
