"""The desk's log against the conversations' own streams, on a real store."""

import json

import pytest

from handoff_service.audit.auditor import Auditor
from handoff_service.audit.findings import Fault
from handoff_service.audit.places import Limits
from handoff_service.store.keys import EVENT_FIELD


@pytest.fixture
def audit(desk, settings):
    auditor = Auditor(desk.store, clock=desk.clock, limits=Limits.of(settings), page=2)

    async def run():
        pages = [page async for page in auditor.pages()]
        return [finding.fault for page in pages for finding in page.findings]

    return run


@pytest.fixture
async def entries(desk):
    """Two conversations, told of in turns."""
    names = [await desk.talk(), await desk.talk()]
    for _ in range(3):
        for name in names:
            await desk.say(name)
    return await desk.store.redis.xrange(desk.store.keys.log)


async def test_a_log_that_is_whole_or_trimmed_is_in_order(desk, audit, entries):
    assert await audit() == []

    await desk.store.redis.xtrim(desk.store.keys.log, minid=entries[5][0], approximate=False)

    assert await audit() == []


async def test_an_entry_that_is_missing_is_found(desk, audit, entries):
    await desk.store.redis.xdel(desk.store.keys.log, entries[3][0])

    assert await audit() == [Fault.LOG_DIFFERS]


async def test_an_entry_that_says_something_else_is_found(desk, audit, entries):
    log_id, fields = entries[-1]
    key = desk.store.keys.log
    await desk.store.redis.xdel(key, log_id)
    other = fields[EVENT_FIELD].replace("hello", "goodbye")
    await desk.store.redis.xadd(key, fields | {EVENT_FIELD: other})

    assert await audit() == [Fault.LOG_DIFFERS]


async def test_the_order_of_fields_is_nothing(desk, audit, entries):
    log_id, fields = entries[-1]
    key = desk.store.keys.log
    await desk.store.redis.xdel(key, log_id)
    turned = dict(reversed(json.loads(fields[EVENT_FIELD]).items()))
    assert json.dumps(turned) != fields[EVENT_FIELD]
    await desk.store.redis.xadd(key, fields | {EVENT_FIELD: json.dumps(turned)})

    assert await audit() == []
