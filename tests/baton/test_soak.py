"""`baton soak` on servers of its own: everything ends in the history, nothing stays in Redis."""

import asyncio
import json
import sys


async def test_a_short_soak_leaves_nothing_behind(tmp_path):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "baton", "soak", "--conversations", "300",
        "--data", str(tmp_path), "--json",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()

    figures = json.loads(out)
    assert process.returncode == (0 if figures["flat"] else 1), err.decode()
    assert (figures["conversations"], figures["archived"]) == (300, 300)
    assert (figures["events_not_archived"], figures["left_in_redis"]) == (0, 0)
    # start, message, answer, close; of every fifth also request, offer, acceptance, an agent's word
    assert figures["events"] == 300 * 4 + 60 * 4
    assert set(figures["redis_mb"]) == set(figures["redis_mb_at_rest"]) == {"10", "50", "100"}
    assert "100 %" in err.decode()
    assert list(tmp_path.iterdir()) == []


async def test_wrong_use_is_told(tmp_path):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "baton", "soak", "--conversations", "5", "--data", str(tmp_path),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, err = await process.communicate()

    assert (process.returncode, b"--conversations" in err) == (2, True)
