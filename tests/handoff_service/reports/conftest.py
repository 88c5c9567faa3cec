"""A real database, as the history's own tests have it."""

from tests.handoff_service.archive.conftest import database, sql_url

__all__ = ["database", "sql_url"]
