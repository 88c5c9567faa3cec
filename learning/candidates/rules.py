"""The rules of what may go live, read from data/gate.yml; each fault is told with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from learning.errors import DataBroken

#: In the project's data folder.
FILE_NAME = "gate.yml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    skip: bool = False  #: the rule is not asked


class Loss(_Strict):
    """How much may be lost; see data/gate.yml."""

    significance: float = Field(default=0.05, gt=0, lt=1)
    lost_share: float = Field(default=0.02, ge=0, le=1)
    lost_few: int = Field(default=2, ge=0)
    least: int = Field(default=1, ge=1)


class NewLabels(_Strict):
    """How many new labels may stand against all the others."""

    sure: float = Field(default=0.5, ge=0, le=1)
    contradicted_share: float = Field(default=0.30, ge=0, le=1)
    least: int = Field(default=5, ge=1)


class Golden(_Strict):
    """Whether the golden questions are asked; their rules are the index's own."""


class Latency(_Strict):
    """How much slower a message may be."""

    slower: float = Field(default=1.30, ge=1)
    least: int = Field(default=30, ge=1)


class Rules(BaseModel):
    """All of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    known_phrases: Loss = Loss(lost_share=0.01, lost_few=5)
    intents: Loss = Loss(lost_share=0.10, lost_few=4, least=15)
    languages: Loss = Loss(lost_share=0.02, lost_few=5, least=50)
    out_of_scope: Loss = Loss(lost_share=0.05, lost_few=3, least=20)
    held_out: Loss = Loss()
    new_labels: NewLabels = NewLabels()
    golden: Golden = Golden()
    scripts: Loss = Loss(lost_share=0.01, lost_few=1)
    replay: Loss = Loss(lost_share=0.05)
    latency: Latency = Latency()


def read_gate(data: Path) -> Rules:
    """Read the rules in a data folder; without the file those that stand in it when it is new.

    Raises:
        DataBroken: with a line `file:line: what is wrong and the remedy` for each problem.
    """
    file = data / FILE_NAME
    try:
        text = file.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text) or {}
    except FileNotFoundError:
        return Rules()
    except UnicodeDecodeError:
        raise DataBroken([f"{file}:1: not UTF-8. Remedy: save it as UTF-8"]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DataBroken([f"{file}:{line}: not YAML ({error.problem})"]) from None
    if isinstance(content, dict):  # what is left out of a rule holds as it stands there
        usual = Rules().model_dump()
        content = {
            name: usual[name] | given if name in usual and isinstance(given, dict) else given
            for name, given in content.items()
        }
    try:
        return Rules.model_validate(content)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        raise DataBroken([f"{file}:{_problem(root, one)}" for one in problems]) from None


def _problem(root: yaml.Node | None, error: Any) -> str:  # pydantic's ErrorDetails
    place: tuple[int | str, ...] = error["loc"]
    name = ".".join(map(str, place)) or "the file"
    return f"{_line(root, place)}: {name}: {_remedy(error['type'], error['msg'], place)}"


def _line(node: yaml.Node | None, place: tuple[int | str, ...]) -> int:
    """Return the line of the key that a fault is about, or of what should have held it."""
    line = node.start_mark.line + 1 if node else 1
    for name in place:
        pairs: list[tuple[Any, Any]] = node.value if isinstance(node, yaml.MappingNode) else []
        found = next(((key, value) for key, value in pairs if key.value == name), None)
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return line


def _remedy(kind: str, said: str, place: tuple[int | str, ...]) -> str:
    if kind != "extra_forbidden":
        return said[0].lower() + said[1:]
    model = Rules if len(place) == 1 else type(getattr(Rules(), str(place[0])))
    return f"unknown name. Remedy: one of {', '.join(model.model_fields)}"
