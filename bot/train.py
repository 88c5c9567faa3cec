"""Train the bot, in Rasa's environment: `python -m bot.train --config … --out FILE`.

Exit codes: 0 trained; 1 the data or configuration is at fault (the last line says where).
"""

# ruff: noqa: T201  (a program: it speaks on stdout and stderr)
from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from bot import lean, logs
from bot.serve import RASA_ENVIRONMENT


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.train", description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--domain", type=Path, required=True, help="file or folder")
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="files or folders")
    parser.add_argument("--out", type=Path, required=True, help="model file to write (.tar.gz)")
    parser.add_argument("--nlu-only", action="store_true", help="no rules, no dialogue")
    options = parser.parse_args(arguments)
    os.environ.update(RASA_ENVIRONMENT)  # also one thread for numpy: two are slower at this size
    lean.install(serving=False)
    logs.configure("WARNING")
    started = time.monotonic()
    try:
        _train(options)
    except Exception as error:  # noqa: BLE001 (the one place that turns a failure into a line)
        print(f"error: {_one_line(error)}", file=sys.stderr)
        return 1
    print(f"trained in {time.monotonic() - started:.1f} s", file=sys.stderr)
    return 0


def _train(options: argparse.Namespace) -> None:
    print("loading Rasa …", file=sys.stderr, flush=True)
    from rasa.model_training import train, train_nlu

    from bot import patches

    patches.apply_for_training()
    data = [str(path) for path in options.data]
    print("training …", file=sys.stderr, flush=True)
    # Written beside and renamed: an interrupted training leaves no half model behind.
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.out.parent, prefix=".training-") as beside:
        if options.nlu_only:
            model = train_nlu(
                str(options.config), data[0], beside, "model", domain=str(options.domain)
            )
        else:
            result = train(
                str(options.domain), str(options.config), data, beside, fixed_model_name="model"
            )
            model = result.model
        if not model:
            raise ValueError("Rasa trained nothing; its messages above say why")
        os.replace(model, options.out)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


if __name__ == "__main__":
    sys.exit(main())
