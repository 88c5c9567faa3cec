"""Rasa's own command line, started fast: `python -m bot.cli data validate …`, `test core …`."""

from __future__ import annotations

import os
import sys

from bot import lean
from bot.components import embedding
from bot.serve import RASA_ENVIRONMENT

#: A cross-validation reads each phrase several times: the vectors of all of them are kept.
MANY = 50_000


def main() -> None:
    os.environ.update(RASA_ENVIRONMENT)
    lean.install(serving=False)
    embedding.KEPT = MANY
    from rasa.__main__ import main as rasa_main

    rasa_main()


if __name__ == "__main__":
    sys.exit(main())
