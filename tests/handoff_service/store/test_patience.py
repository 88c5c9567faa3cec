"""Redis that goes away under several calls at once is Redis that is away."""

import pytest

from handoff_service.errors import StoreUnavailable
from handoff_service.store.patience import together


async def fail(error):
    raise error


async def test_what_several_calls_miss_is_told_as_one_absence():
    with pytest.raises(StoreUnavailable, match="away"):
        async with together() as tasks:
            for _ in range(3):
                tasks.create_task(fail(StoreUnavailable("away")))


async def test_another_error_among_them_is_not_hidden():
    with pytest.raises(BaseExceptionGroup) as caught:  # noqa: F821 (ruff: Python 3.10)
        async with together() as tasks:
            tasks.create_task(fail(StoreUnavailable("away")))
            tasks.create_task(fail(KeyError("a fault of ours")))

    assert caught.group_contains(KeyError)
