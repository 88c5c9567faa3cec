"""Fixtures of a running service."""

from tests.handoff_service.gateway.harness import (  # noqa: F401
    bot,
    redis_program,
    service,
    start_service,
)
