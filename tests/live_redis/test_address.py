"""BATON_REDIS_URL in all its forms."""

import pytest

from live_redis.address import BadAddress, Kind, read_address


@pytest.mark.parametrize(
    "text", ["redis://h:1/2", "rediss://u:p@h/0", "unix:///run/redis.sock?db=1"]
)
def test_one_server(text):
    address = read_address(text)

    assert (address.kind, address.url) == (Kind.SERVER, text)


def test_sentinels_with_everything_said():
    address = read_address(
        "rediss+sentinel://me:p%40ss@a:1,b,[::1]:3/desk/2?sentinel_password=s&ssl_ca_certs=ca.pem"
    )

    assert address.kind is Kind.SENTINEL
    assert address.nodes == (("a", 1), ("b", 26379), ("::1", 3))
    assert address.service == "desk"
    options = address.options
    assert (options["username"], options["password"], options["db"]) == ("me", "p@ss", 2)
    assert options["ssl_ca_certs"] == "ca.pem"
    assert address.sentinel_options == {"password": "s", "ssl": True, "ssl_ca_certs": "ca.pem"}


def test_a_cluster():
    address = read_address("redis+cluster://:secret@a:7000,b:7001")

    assert (address.kind, address.nodes) == (Kind.CLUSTER, (("a", 7000), ("b", 7001)))
    assert address.options["password"] == "secret"
    assert "secret" not in repr(address)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("http://h", "redis://"),
        ("redis+sentinel://h:1", "SERVICE"),
        ("redis+sentinel://h:1/desk/x", "DB"),
        ("redis+cluster://h:1/3", "database 0"),
        ("redis+cluster://", "host"),
        ("redis+sentinel://h:port/desk", "Port|port"),
        ("redis+ring://h", "ring"),
    ],
)
def test_what_is_no_address_says_why(text, why):
    with pytest.raises(BadAddress, match=why):
        read_address(text)
