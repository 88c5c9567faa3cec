"""Serve the trained bot on loopback: `python -m bot.serve`, settings from the environment."""

# ruff: noqa: T201  (a program: it speaks on stdout and stderr)
from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot import lean
from bot.tone import read_tones
from live_redis.address import FORM, BadAddress, read_address

#: Connections waiting to be accepted; Rasa's 100 drops some when a hundred customers come at once.
BACKLOG = "1024"
HERE = Path(__file__).resolve().parent

#: What must be set, and what it looks like.
REQUIRED = {
    "BATON_RASA_PORT": "a port number",
    "BATON_RASA_TOKEN": "the secret shared with the service",
    "BATON_REDIS_URL": FORM,
    "BATON_ACTIONS_URL": "http://127.0.0.1:5055/webhook",
    "BATON_MODEL_DIR": "the folder of the exported embedding model",
}
#: Set for Rasa and its libraries before they are imported.
RASA_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SANIC_BACKLOG": BACKLOG,
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONWARNINGS": "ignore",
    # numpy's products here are tiny; its thread pool would only fight with the embedding model's.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    # Named in endpoints.yml, where Rasa insists on a value.
    "BATON_TONE": "formal",
}


def missing_settings(environment: Mapping[str, str]) -> list[str]:
    """Return a line for each setting that is missing or malformed."""
    lines = [
        f"{name} is not set; expected {form}"
        for name, form in REQUIRED.items()
        if not environment.get(name)
    ]
    port = environment.get("BATON_RASA_PORT", "")
    if port and not (port.isdigit() and 0 < int(port) < 65536):
        lines.append(f"BATON_RASA_PORT is {port!r}; expected {REQUIRED['BATON_RASA_PORT']}")
    try:
        read_address(environment.get("BATON_REDIS_URL") or "redis://unset")
    except BadAddress as error:
        lines.append(f"BATON_REDIS_URL: {error}; expected {FORM}")
    try:
        read_tones(environment.get("BATON_TONE", ""))
    except ValueError as error:
        lines.append(f"BATON_TONE: {error}")
    return lines


def current_model(data_dir: Path) -> Path | None:
    """Return the model that `baton train` made current, or None when there is none yet."""
    folder = data_dir / "rasa" / "models"
    try:
        record: dict[str, Any] = json.loads((folder / "current.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    model = folder / Path(str(record.get("file", ""))).name
    return model if model.is_file() else None


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.serve", description=__doc__)
    parser.add_argument("--model", type=Path, help="model file (default: what baton train made)")
    options = parser.parse_args(arguments)
    problems = missing_settings(os.environ)
    if problems:
        print("\n".join(problems), file=sys.stderr)
        return 2
    for name, value in RASA_ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    model = options.model or current_model(Path(os.environ.get("BATON_DATA_DIR", "var")))
    lean.install(serving=True)
    _serve(model)
    return 0


def _serve(model: Path | None) -> None:
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints

    from bot import loading, logs

    logs.configure(os.environ.get("BATON_LOG_LEVEL", "INFO"))
    loading.apply()
    serve_application(
        model_path=str(model) if model else None,
        endpoints=AvailableEndpoints.read_endpoints(str(HERE / "endpoints.yml")),
        credentials=str(HERE / "credentials.yml"),
        interface=os.environ.get("BATON_RASA_HOST") or "127.0.0.1",
        port=int(os.environ["BATON_RASA_PORT"]),
        # Rasa's own HTTP API (PUT /model) asks for this token; the channel checks it by itself.
        auth_token=os.environ["BATON_RASA_TOKEN"],
        enable_api=True,
    )


if __name__ == "__main__":
    sys.exit(main())
