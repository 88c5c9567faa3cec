"""The data folder of one Baton system: where things lie, its secrets, what runs from it."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECRET_NAMES = ("redis_password", "rasa_token", "internal_secret", "signing_key", "identity_secret")


@dataclass(frozen=True, slots=True)
class DataDir:
    """Paths below one data folder (`var/` unless told otherwise)."""

    path: Path

    @property
    def redis(self) -> Path:
        return self.path / "redis"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def model(self) -> Path:
        return self.path / "models" / "current"

    @property
    def kb(self) -> Path:
        return self.path / "kb"

    @property
    def rasa_models(self) -> Path:
        return self.path / "rasa" / "models"

    @property
    def run_file(self) -> Path:
        return self.path / "run.json"

    @property
    def sql_url(self) -> str:
        return f"sqlite+aiosqlite:///{self.path.resolve() / 'baton.db'}"

    def create(self) -> None:
        """Make the folders that the processes write to."""
        for folder in (self.path, self.redis, self.logs):
            folder.mkdir(parents=True, exist_ok=True)

    def secrets(self) -> dict[str, str]:
        """Return the secrets of this system, made on first use and readable by the owner only."""
        file = self.path / "secrets.json"
        known = json.loads(file.read_text()) if file.exists() else {}
        missing = [name for name in SECRET_NAMES if name not in known]
        if missing:
            known.update({name: secrets.token_urlsafe(32) for name in missing})
            self._write(file, known, mode=0o600)
        return {name: str(known[name]) for name in SECRET_NAMES}

    def running(self) -> dict[str, Any] | None:
        """Return what `run.json` says of a system that runs now, None when none does."""
        if not self.run_file.exists():
            return None
        try:
            record: dict[str, Any] = json.loads(self.run_file.read_text())
            os.kill(int(record["pid"]), 0)
        except (ProcessLookupError, ValueError, KeyError):
            return None  # left behind by a launcher that was killed
        return record

    def write_run_file(self, record: dict[str, Any]) -> None:
        self._write(self.run_file, record, mode=0o600)

    @staticmethod
    def _write(file: Path, content: dict[str, Any], *, mode: int) -> None:
        """Write beside, then rename: a reader never sees half a file."""
        beside = file.with_name(f".{file.name}.{os.getpid()}")
        beside.touch(mode=mode)
        beside.write_text(json.dumps(content, indent=1))
        beside.replace(file)
