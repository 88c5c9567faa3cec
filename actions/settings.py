"""What the action server reads from the environment, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kb_index.cutoffs import TARGET


class BadSettings(Exception):
    """One line per setting that is missing or malformed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where to listen (loopback, or a private network) and where index and embedding model lie."""

    port: int
    kb_dir: Path
    model_dir: Path
    log_level: str = "INFO"
    host: str = "127.0.0.1"
    #: Share of answers that may be wrong, 0 to 1.
    wrong_answers: float = TARGET
    #: Rasa's address and its channel's token; without them questions are embedded here.
    rasa_url: str = ""
    rasa_token: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read all settings; raises `BadSettings` with every problem at once."""
        problems = [
            f"{name} is not set; expected {form}"
            for name, form in (
                ("BATON_ACTIONS_PORT", "a port number"),
                ("BATON_KB_DIR", "the folder of the knowledge-base index"),
                ("BATON_MODEL_DIR", "the folder of the exported embedding model"),
            )
            if not environment.get(name)
        ]
        port = environment.get("BATON_ACTIONS_PORT", "")
        if port and not (port.isdigit() and int(port) < 65536):
            problems.append(f"BATON_ACTIONS_PORT is {port!r}; expected a port number")
        wrong = environment.get("BATON_WRONG_ANSWERS") or str(TARGET)
        if _share(wrong) is None:
            problems.append(f"BATON_WRONG_ANSWERS is {wrong!r}; expected a share such as 0.05")
        if problems:
            raise BadSettings("\n".join(problems))
        return cls(
            port=int(port),
            kb_dir=Path(environment["BATON_KB_DIR"]),
            model_dir=Path(environment["BATON_MODEL_DIR"]),
            log_level=environment.get("BATON_LOG_LEVEL", "INFO").upper(),
            host=environment.get("BATON_ACTIONS_HOST") or "127.0.0.1",
            wrong_answers=float(wrong),
            rasa_url=environment.get("BATON_RASA_URL") or "",
            rasa_token=environment.get("BATON_RASA_TOKEN") or "",
        )


def _share(text: str) -> float | None:
    """Return a share, 0 to 1, None when the text is none."""
    try:
        share = float(text)
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None
