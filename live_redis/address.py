"""Read BATON_REDIS_URL: a server, the sentinels that watch one, or some nodes of a cluster."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from redis.asyncio.connection import parse_url

#: What the setting may look like.
FORM = (
    "a redis://, rediss:// or unix:// URL, redis+sentinel://HOST:PORT,…/SERVICE[/DB] "
    "or redis+cluster://HOST:PORT,… (rediss+… with TLS)"
)

Node = tuple[str, int]


class BadAddress(ValueError):
    """The text is no address of a Redis; says why, never with a password."""


class Kind(str, Enum):
    """How the server that takes the writes is found."""

    #: It is the one that the address names.
    SERVER = "server"
    #: The sentinels that the address names know it.
    SENTINEL = "sentinel"
    #: The nodes of the cluster that the address names know who has the slot.
    CLUSTER = "cluster"


_DEFAULT_PORT = {Kind.SENTINEL: 26379, Kind.CLUSTER: 6379}
#: Options of the address that are for the sentinels, not for the server they name.
_OF_SENTINELS = ("sentinel_username", "sentinel_password")


@dataclass(frozen=True)
class Address:
    """What the setting says."""

    kind: Kind
    #: Of SERVER the whole address; else one without host, for its options alone.
    url: str = field(repr=False)
    nodes: tuple[Node, ...] = ()  #: sentinels, or nodes of the cluster
    service: str = ""  #: under which the sentinels know the server
    sentinel_options: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def options(self) -> dict[str, Any]:
        """Return what redis-py's connections take: user, password, database, TLS."""
        return dict(parse_url(self.url))


def read_address(text: str) -> Address:
    """Parse the setting. Raises BadAddress."""
    scheme, _, watched = text.partition("://")[0].partition("+")
    try:
        if scheme not in {"redis", "rediss"} or not watched:
            return _server(text)
        return _watched(text, scheme=scheme, kind=Kind(watched))
    except ValueError as error:
        raise BadAddress(str(error)) from None


def _server(text: str) -> Address:
    if urlsplit(text).scheme not in {"redis", "rediss", "unix"}:
        raise BadAddress("it starts with none of redis://, rediss://, unix://")
    parse_url(text)
    return Address(Kind.SERVER, text)


def _watched(text: str, *, scheme: str, kind: Kind) -> Address:
    rest, _, query = text.partition("://")[2].partition("?")
    place, *path = rest.split("/")
    user, at, hosts = place.rpartition("@")
    nodes = tuple(_node(host, kind) for host in hosts.split(","))
    names = [unquote(name) for name in path if name]
    service = names.pop(0) if kind is Kind.SENTINEL and names else ""
    if kind is Kind.SENTINEL and not service:
        raise BadAddress("the name of the service is missing: …/SERVICE")
    database = names.pop(0) if names else "0"
    if names or not database.isdigit():
        raise BadAddress("what follows the hosts is not [/SERVICE][/DB]")
    if kind is Kind.CLUSTER and database != "0":
        raise BadAddress("a cluster has database 0 only")
    options = dict(parse_qsl(query))
    sentinel: dict[str, Any] = {
        name.removeprefix("sentinel_"): options.pop(name)
        for name in _OF_SENTINELS
        if name in options
    }
    url = f"{scheme}://{user}{at}localhost/{database}?{urlencode(options)}"
    found = parse_url(url)
    tls = {name: value for name, value in found.items() if name.startswith("ssl_")}
    if scheme == "rediss":
        sentinel |= {"ssl": True, **tls}
    return Address(kind, url, nodes=nodes, service=service, sentinel_options=sentinel)


def _node(text: str, kind: Kind) -> Node:
    parts = urlsplit(f"//{text}")
    if not parts.hostname:
        raise BadAddress("a host is missing")
    return parts.hostname, parts.port or _DEFAULT_PORT[kind]
