"""Fixtures for the service's tests."""

import pytest

from tests.handoff_service.desk import Desk


@pytest.fixture
def desk(store, clock):
    """Return the test's own desk on the real store, its clock in the test's hand."""
    return Desk(store, clock)
