"""Versions of what people set: none is lost, none overwritten, who comes too late is told."""

import asyncio

import pytest
from sqlalchemy import select

from handoff_service.archive.models import AuditRow
from handoff_service.archive.setting_versions import (
    FILE,
    StaleVersion,
    current,
    current_numbers,
    find_version,
    history,
    save,
)


async def _save(database, number, *, base, **more):
    document = {"sla_s": number}
    return await save(database, "routing", document, base=base, author="a_1", now_ms=number, **more)


async def test_versions_follow_each_other_and_all_stay(database):
    assert await current(database, "routing") is None

    for base in range(3):
        await _save(database, base + 1, base=base, note=f"change {base + 1}")
    await save(database, "hours", {"teams": {}}, base=0, author="a_2", now_ms=9)

    held = await current(database, "routing")
    assert (held.version, held.document, held.author) == (3, {"sla_s": 3}, "a_1")
    assert [version.note for version in await history(database, "routing", 2)] == [
        "change 3", "change 2"
    ]  # fmt: skip
    assert [old.version for old in await history(database, "routing", 9, before=2)] == [1]
    assert (await find_version(database, "routing", 1)).document == {"sla_s": 1}
    assert await find_version(database, "routing", 4) is None
    assert await current_numbers(database) == {"routing": 3, "hours": 1}


async def test_what_stood_in_the_file_becomes_the_first_version(database):
    written = {"sla_s": 600}, "sla_s: 600  # ten minutes\n"

    version = await _save(database, 5, base=0, first=written)

    assert version.version == 2
    first = await find_version(database, "routing", 1)
    assert (first.author, first.document, first.text) == (FILE, *written)


@pytest.mark.parametrize("base", [0, 1, 7])
async def test_who_saves_from_a_version_that_does_not_hold_is_told_which_does(database, base):
    await _save(database, 1, base=0)
    await _save(database, 2, base=1)

    with pytest.raises(StaleVersion) as refused:
        await _save(database, 3, base=base, first=({}, ""))

    assert refused.value.current == await current(database, "routing")
    assert refused.value.current.document == {"sla_s": 2}
    assert len(await history(database, "routing", 9)) == 2


async def test_of_those_who_save_at_once_one_wins(database):
    await _save(database, 1, base=0)

    results = await asyncio.gather(
        *(_save(database, 10 + number, base=1) for number in range(5)), return_exceptions=True
    )

    won = [result for result in results if not isinstance(result, Exception)]
    assert len(won) == 1
    assert sum(isinstance(result, StaleVersion) for result in results) == 4
    assert await current(database, "routing") == won[0]


async def test_the_audit_trail_tells_of_each_change(database):
    await _save(database, 1, base=0, origin="10.0.0.1")
    await _save(database, 2, base=1, restored=1)

    async with database.session() as session:
        rows = list(await session.scalars(select(AuditRow).order_by(AuditRow.at_ms)))

    assert [(row.action, row.subject, row.data["version"]) for row in rows] == [
        ("settings.saved", "routing", 1),
        ("settings.restored", "routing", 2),
    ]
    assert rows[0].origin == "10.0.0.1"
