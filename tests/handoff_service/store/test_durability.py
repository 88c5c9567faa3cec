"""A Redis that would forget what it acknowledged is refused, unless somebody accepted that."""

import pytest

from handoff_service.durability import Durability
from handoff_service.errors import Fault, StoreUnavailable, StoreUnsafe
from handoff_service.store import open_store
from tests.conftest import RedisServer
from tests.fleet import client


@pytest.fixture
def start(redis_program):
    started = []

    def start_server(**options):
        started.append(RedisServer(redis_program, **options).start())
        return started[-1]

    yield start_server
    for server in started:
        server.stop()


async def opens(url, make_settings, durability):
    """Return the remedies named in a refusal, or None."""
    try:
        settings = make_settings(redis_url=url, redis_durability=Durability(durability))
        async with await open_store(settings):
            return None
    except StoreUnsafe as refusal:
        return " ".join(refusal.remedies)


@pytest.mark.parametrize(
    ("options", "refused_by", "remedies"),
    [
        ({}, {"always": False, "everysec": False, "none": False}, []),
        (
            {"appendfsync": "everysec"},
            {"always": True, "everysec": False, "none": False},
            ["appendfsync always", "BATON_REDIS_DURABILITY=everysec"],
        ),
        (
            {"appendfsync": "no", "maxmemory-policy": "allkeys-lru"},
            {"always": True, "everysec": True, "none": False},
            ["appendfsync always", "maxmemory-policy noeviction"],
        ),
        (
            {"appendonly": "no"},
            {"always": True, "everysec": True, "none": False},
            ["appendonly yes"],
        ),
    ],
)
async def test_what_is_refused_names_the_remedy(
    start, make_settings, options, refused_by, remedies
):
    server = start(**options)

    for durability, refused in refused_by.items():
        told = await opens(server.url, make_settings, durability)
        assert (told is not None) == refused, durability
        assert all(remedy in told for remedy in remedies if refused)


async def test_where_redis_does_not_say_the_setting_must(start, make_settings):
    server = start()
    with client(server) as asked:
        asked.execute_command("ACL", "SETUSER", "baton", "on", ">x", "~*", "&*", "+@all", "-config")
    url = server.url.replace("redis://", "redis://baton:x@")

    assert "CONFIG is hidden" in await opens(url, make_settings, "always")
    assert await opens(url, make_settings, "everysec") is None


@pytest.mark.parametrize("user", ["", ":wrong@"])
async def test_a_refused_password_is_named(start, make_settings, user):
    server = start(requirepass="right")

    with pytest.raises(StoreUnavailable) as caught:
        await open_store(make_settings(redis_url=server.url.replace("//", f"//{user}")))

    assert caught.value.fault is Fault.PASSWORD
