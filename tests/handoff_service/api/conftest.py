"""Fixtures of a running service."""

from tests.handoff_service.gateway.harness import bot, service, start_service  # noqa: F401
