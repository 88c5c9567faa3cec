"""Let a running Rasa load another model while it answers.

Rasa loads on the one event loop that answers, too: every turn stands still meanwhile, a quarter of
a second on a quiet machine and seconds on a busy one. Here a thread loads, and the loop goes on
with the old model until the new one is whole.
"""

from __future__ import annotations

import asyncio
from typing import Any

from rasa import server
from rasa.core.agent import Agent

_load_agent = server._load_agent


def apply() -> None:
    """Put it in place; doing it twice changes nothing."""
    server._load_agent = _load_beside


async def _load_beside(*args: Any, **kwargs: Any) -> Agent:
    """Load in a thread, on a loop of its own: nothing is sent, so nothing is bound to that loop."""
    return await asyncio.to_thread(lambda: asyncio.run(_load_agent(*args, **kwargs)))
