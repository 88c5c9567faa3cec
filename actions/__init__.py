"""The bot's actions: look up answers, offer a person, triage, request the handoff."""
