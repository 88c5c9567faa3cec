"""The job `group`: phrases into groups, groups into the order in which they are asked about."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from handoff_service.archive.learning import grouping as kept
from handoff_service.archive.learning.jobs import Job
from handoff_service.archive.learning.review_codes import Reason, language_bits, reason_bits
from handoff_service.domain import Json
from learning.collecting.vectors import unpack
from learning.jobs.tools import BadArguments, Tools
from learning.reviewing.grouping import PHRASES_AT_ONCE, SAME, Leaders, lead
from learning.reviewing.order import ORDERED, nearest_intents, ordered_scores
from learning.reviewing.score import Seen, Tally, tally, weight

#: Groups whose turns are read at a time.
GROUPS = 2000
#: Turns since a decision in which the bot was probably wrong, from which it is asked again.
AGAIN_FROM = 3.0
#: Intents and articles that are suggested, and decided groups that are asked for them.
SUGGESTED, ASKED = 5, 20_000


async def is_due(tools: Tools) -> bool:
    """Whether a phrase has no group, or something was collected since it was looked last."""
    grouped_ms = await kept.last_ended_ms(tools.database, "group")
    if await kept.last_ended_ms(tools.database, "collect") > grouped_ms:
        return True
    return await kept.has_ungrouped(tools.database)


async def run(job: Job, tools: Tools) -> dict[str, Any]:
    """Group what has no group, score what has changed, put the heaviest in order.

    Each block of phrases and of groups is one transaction: what was done stays done. `again`
    scores every group.

    Returns:
        phrases (grouped now), groups (made now), scored, ordered, seconds.

    Raises:
        BadArguments: an argument that is none.
        ArchiveUnavailable: the history cannot be used; go on later.
    """
    if job.args.keys() - {"again"} or not isinstance(job.args.get("again", False), bool):
        raise BadArguments("group takes `again`, true or false, and nothing else")
    started = time.monotonic()
    since_ms = 0
    if not job.args.get("again"):
        since_ms = await kept.last_ended_ms(tools.database, "group")
    await kept.mend_examples(tools.database)
    phrases, groups = await _group(tools)
    scored = await _score(tools, await kept.changed_groups(tools.database, since_ms=since_ms))
    await tools.report("ordering")
    ordered = await _order(tools)
    return {
        "phrases": phrases,
        "groups": groups,
        "scored": scored,
        "ordered": ordered,
        "seconds": round(time.monotonic() - started, 1),
    }


async def _group(tools: Tools) -> tuple[int, int]:
    """Give every phrase a group; return how many phrases, and how many new groups."""
    waiting = await kept.ungrouped(tools.database)
    if not waiting:
        return 0, 0
    leaders = Leaders(np.zeros((0, 0), np.float32), ())
    async for page in kept.examples(tools.database):
        leaders.extend(unpack(vector for _, vector in page), [group for group, _ in page])
    made = 0
    for start in range(0, len(waiting), PHRASES_AT_ONCE):
        await tools.report("grouping", start / len(waiting))
        block = waiting[start : start + PHRASES_AT_ONCE]
        packed = await kept.vectors_of(tools.database, block)
        ids = [phrase for phrase in block if phrase in packed]
        if not ids:
            continue
        vectors = unpack(packed[phrase] for phrase in ids)
        placed = await asyncio.to_thread(_place, leaders, ids, vectors)
        groups = await kept.place(tools.database, placed)
        rows = {phrase: row for row, phrase in enumerate(ids)}
        leaders.extend(vectors[[rows[phrase] for phrase in groups]], list(groups.values()))
        made += len(groups)
    return len(waiting), made


def _place(
    leaders: Leaders, ids: Sequence[int], vectors: np.ndarray[Any, np.dtype[np.float32]]
) -> kept.Placed:
    groups, cosines = leaders.nearest(vectors)
    near = cosines >= SAME
    joined = {ids[row]: groups[row] for row in np.flatnonzero(near).tolist()}
    rest = np.flatnonzero(~near).tolist()
    new: dict[int, list[int]] = {}
    for row, leader in zip(rest, lead(vectors[rest]).tolist(), strict=True):
        new.setdefault(ids[rest[leader]], []).append(ids[row])
    return kept.Placed(joined, new)


async def _score(tools: Tools, group_ids: Sequence[int]) -> int:
    for start in range(0, len(group_ids), GROUPS):
        await tools.report("scoring", start / len(group_ids))
        some = group_ids[start : start + GROUPS]
        seen_ms = tools.now_ms()
        decided = await kept.decided_ms(tools.database, some)
        turns = await kept.turns_by_group(tools.database, some)
        phrases = await kept.phrase_counts(tools.database, some)
        leads = await kept.examples_of(tools.database, some)
        tallies = await asyncio.to_thread(_tallies, turns, leads, decided)
        again = {
            group
            for group, total in tallies.items()
            if group in decided and total.mass >= AGAIN_FROM * weight(seen_ms)
        }
        values = [
            _values(group, total, phrases.get(group, 0), again=group in again)
            for group, total in tallies.items()
        ]
        await kept.write_tallies(tools.database, values, again=again, seen_ms=seen_ms)
    return len(group_ids)


def _tallies(
    turns: Mapping[int, Sequence[Sequence[Any]]],
    examples: Mapping[int, int],
    decided: Mapping[int, int],
) -> dict[int, Tally]:
    return {
        group: tally(
            (Seen(*each) for each in its),
            example=examples.get(group, 0),
            since_ms=decided.get(group, 0),
        )
        for group, its in turns.items()
    }


def _values(group: int, total: Tally, phrases: int, *, again: bool) -> Json:
    reasons = total.strongest()
    if again:
        reasons.insert(0, Reason.AGAIN)
    languages = sorted(total.languages)
    *_, conversation_id, seq = total.shown
    intents = sorted(total.intents, key=lambda name: -total.intents[name])
    articles = sorted(total.articles, key=lambda which: -total.articles[which])
    return {
        "id": group,
        "mass": total.mass,
        "conversation_id": conversation_id or None,
        "seq": seq or None,
        "reasons": [reason.value for reason in reasons],
        "reason_bits": reason_bits(reasons),
        "languages": languages,
        "language_bits": language_bits(languages),
        "near": {
            "intents": intents[:SUGGESTED],
            "articles": [
                {"article_id": article, "locale": locale}
                for article, locale in articles[:SUGGESTED]
            ],
        },
        "phrases": phrases,
        "turns": total.turns,
        "conversations": len(total.conversations),
        "last_ms": total.last_ms,
    }


async def _order(tools: Tools) -> int:
    rows = await kept.heaviest(tools.database, ORDERED)
    known = await kept.decided_intents(tools.database, ASKED)
    if not rows:
        return 0
    scores, near = await asyncio.to_thread(_ordered, rows, known)
    await kept.write_order(tools.database, scores, near)
    return len(rows)


def _ordered(
    rows: Sequence[tuple[int, float, Json, bytes]], known: Sequence[tuple[str, bytes]]
) -> tuple[dict[int, float], dict[int, Json]]:
    vectors = unpack(vector for *_, vector in rows)
    scores = ordered_scores(np.array([mass for _, mass, *_ in rows]), vectors)
    decided = nearest_intents(
        vectors,
        [intent for intent, _ in known],
        unpack(vector for _, vector in known),
        most=SUGGESTED,
    )
    near = {
        group: own | {"decided": intents}
        for (group, _, own, _), intents in zip(rows, decided, strict=True)
        if own.get("decided", []) != intents
    }
    ids = [group for group, *_ in rows]
    return dict(zip(ids, scores.tolist(), strict=True)), near
