"""Who may teach the bot."""

from handoff_service.archive.accounts import Role

TEACHING = frozenset(role for role in Role if role.teaches)
