"""Rasa's own command line, started fast: `python -m bot.cli data validate …`, `test core …`."""

from __future__ import annotations

import os
import sys

from bot import lean
from bot.serve import RASA_ENVIRONMENT


def main() -> None:
    os.environ.update(RASA_ENVIRONMENT)
    lean.install(serving=False)
    from rasa.__main__ import main as rasa_main

    rasa_main()


if __name__ == "__main__":
    sys.exit(main())
