"""Serves the actions until told to stop."""

# ruff: noqa: T201  (a program: it speaks on stdout and stderr)
from __future__ import annotations

import logging
import os
import sys

import uvloop
from aiohttp import web

from actions.knowledge import Knowledge
from actions.rasa_vectors import RasaVectors
from actions.server import create_app
from actions.settings import BadSettings, Settings
from handoff_rules.reading import BadRules, read_rules


def main() -> int:
    """Return 0 when told to stop, 2 when the settings are wrong."""
    try:
        settings = Settings.from_environment(os.environ)
        rules = read_rules()
    except (BadSettings, BadRules) as error:
        print(error, file=sys.stderr)
        return 2
    logging.basicConfig(
        level=settings.log_level,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        stream=sys.stderr,
    )
    rasa = (
        RasaVectors(settings.rasa_url, token=settings.rasa_token)
        if settings.rasa_url and settings.rasa_token
        else None
    )
    knowledge = Knowledge(
        settings.kb_dir, settings.model_dir, wrong_answers=settings.wrong_answers, rasa=rasa
    )
    app = create_app(knowledge, rules, token=settings.rasa_token)
    # uvloop and no access log: a turn waits for this server
    web.run_app(
        app,
        host=settings.host,
        port=settings.port,
        print=None,
        access_log=None,
        loop=uvloop.new_event_loop(),
    )
    return 0
