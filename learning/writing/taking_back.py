"""Takes back what was written: a branch that nobody merged, or files that nobody changed since."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from handoff_service.archive.learning.accepted import unmark_decisions
from handoff_service.archive.learning.suggestions import unmark_suggestions
from learning.jobs.tools import BadArguments, Tools
from learning.writing import in_place
from learning.writing.catalogue import publish_catalogue
from learning.writing.git import find_checkout, worktree_of


async def take_back(name: str, tools: Tools) -> dict[str, Any]:
    """Remove a branch of ours, or bring the files of a backup back; its decisions wait again.

    Raises:
        BadArguments: there is neither of that name.
        NotWritten: a file of the backup was changed since.
        GitRefused: git's words.
    """
    checkout = await asyncio.to_thread(find_checkout, tools.project.root)
    if checkout is not None and name in await asyncio.to_thread(checkout.unmerged):
        applied = await asyncio.to_thread(checkout.commits, name)
        await asyncio.to_thread(checkout.remove, name, worktree_of(tools.data_dir, name))
        return {"discarded": name, "reopened": await _reopen(tools, applied)}
    folder = in_place.backups(tools.data_dir) / name
    if "/" in name or await asyncio.to_thread(in_place.read_journal, folder) is None:
        raise BadArguments(
            f"discard: {name!r} is neither a branch that waits to be merged nor a backup"
        )
    journal = await asyncio.to_thread(in_place.undo, tools.project.root, folder)
    count = await _reopen(tools, [f"backup:{name}"])
    await asyncio.to_thread(in_place.write_journal, folder, replace(journal, state="undone"))
    await publish_catalogue(tools)
    return {"discarded": name, "reopened": count}


async def _reopen(tools: Tools, applied: list[str]) -> int:
    decisions = await unmark_decisions(tools.database, applied)
    return decisions + await unmark_suggestions(tools.database, applied)
