"""Baton's actions behind rasa-sdk's own server: `python -m baton.stock.action_server`."""

import os

from rasa_sdk.endpoint import create_app as create_stock_app

from actions.knowledge import Knowledge
from actions.server import EXECUTOR, create_app
from actions.settings import Settings
from handoff_rules.reading import read_rules


def main() -> None:
    """Serve on loopback until told to stop; settings as those of Baton's own action server."""
    settings = Settings.from_environment(os.environ)
    knowledge = Knowledge(settings.kb_dir, settings.model_dir, wrong_answers=settings.wrong_answers)
    app = create_stock_app(create_app(knowledge, read_rules())[EXECUTOR])
    app.run("127.0.0.1", settings.port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()
