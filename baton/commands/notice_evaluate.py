"""`baton notice evaluate`: measure how surely the bot knows a question about a known problem."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np
import numpy.typing as npt
import yaml

from baton.commands.folders import data_option, model_dir
from kb_index.errors import KbError

if TYPE_CHECKING:
    from actions.notices import Notice, Notices

#: Questions about notices, and near ones that are about something else.
FILE = Path("data/eval/notices.yml")
#: Weight of the ridge in a fit: a little, so that it ends.
_RIDGE = 0.03
_STEPS = 30

Weights = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the file, with how like it is to each notice."""

    text: str
    locale: str
    of: str  #: the notice whose question it is, be it about that or near it
    right: str | None  #: the notice it is about
    likeness: dict[str, tuple[float, ...]]


@click.command("evaluate")
@click.option(
    "--questions",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=FILE,
    show_default=True,
    help="Notices with questions that are about them and near ones that are not, by locale.",
)
@click.option("--wrong", is_flag=True, help="Print each question that was taken wrongly, too.")
@data_option
def evaluate(*, file: Path, wrong: bool, data_dir: Path) -> None:
    """Print precision and recall as JSON, in all and by language (exit 2: cannot be measured).

    Each question is compared with all notices of the file at once; right is the notice it is about,
    or none. `as_set`: by the weights in use; `without_examples`: the same, of notices that give no
    example questions; `held_out`: by weights fitted on the questions of all other notices; `fit`:
    weights fitted on all, the last of them what is added.
    """
    from actions.notices import Notices
    from actions.vectors import QuestionVectors

    try:
        matcher = Notices(QuestionVectors(model_dir(data_dir)).embed_subjects)
        report = measure(matcher, yaml.safe_load(file.read_text("utf-8"))["notices"])
    except (KbError, OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise click.UsageError(f"{file}: {error}") from None
    if not wrong:
        del report["wrong"]
    click.echo(json.dumps(report, ensure_ascii=False, indent=1))


def measure(matcher: Notices, raw: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return precision and recall in each of the ways that `evaluate` names.

    precision: of those told a notice, how many were told the right one; recall: of those who asked
    about one, how many were told it.
    """
    from actions.notices import BIAS, WEIGHTS

    given = np.array([*WEIGHTS, BIAS])
    asked = list(_ask(matcher, raw, examples=True))
    others = {one["id"]: _fit([a for a in asked if a.of != one["id"]]) for one in raw}
    said = {a.text: _said(a, given) for a in asked}
    return {
        "as_set": _count((a, said[a.text]) for a in asked),
        "without_examples": _count(
            (a, _said(a, given)) for a in _ask(matcher, raw, examples=False)
        ),
        "held_out": _count((a, _said(a, others[a.of])) for a in asked),
        "fit": [round(weight, 2) for weight in _fit(asked)],
        "wrong": [
            {"question": a.text, "locale": a.locale, "right": a.right, "said": said[a.text]}
            for a in asked
            if said[a.text] != a.right
        ],
    }


def _ask(matcher: Notices, raw: Sequence[dict[str, Any]], *, examples: bool) -> Iterator[Asked]:
    known = [_notice(one, examples=examples) for one in raw]
    for one in raw:
        for kind in ("about", "near"):
            for locale, questions in one[kind].items():
                for text in questions:
                    alike = matcher.likeness(text, known)
                    likeness = {n.notice_id: like for n, like in zip(known, alike, strict=True)}
                    right = one["id"] if kind == "about" else None
                    yield Asked(text, locale, one["id"], right, likeness)


def _notice(raw: dict[str, Any], *, examples: bool) -> Notice:
    from actions.notices import Notice

    words = raw["texts"].values()
    return Notice(
        raw["id"],
        tuple(said["title"] for said in words),
        tuple(said["text"] for said in words),
        tuple(raw["questions"]) if examples else (),
    )


def _said(asked: Asked, weights: Weights) -> str | None:
    """Return the notice that is told, as `actions.notices.Notices.find` does."""
    from actions.notices import SURE

    sure = {name: _sure(like, weights) for name, like in asked.likeness.items()}
    best = max(sure, key=sure.__getitem__)
    return best if sure[best] >= SURE else None


def _sure(likeness: Sequence[float], weights: Weights) -> float:
    return float(1 / (1 + np.exp(-(np.dot(weights[:-1], likeness) + weights[-1]))))


def _fit(asked: Sequence[Asked]) -> Weights:
    """Fit a logistic regression with a ridge by Newton's method, on each question's best notice."""
    best = [max(a.likeness.items(), key=lambda item: sum(item[1][:3])) for a in asked]
    x = np.array([[*like, 1.0] for _, like in best])
    y = np.array([float(a.right == name) for a, (name, _) in zip(asked, best, strict=True)])
    ridge = _RIDGE * np.diag([1.0] * (x.shape[1] - 1) + [0.0])
    weights: Weights = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-(x @ weights)))
        slope = x.T @ (y - p) - ridge @ weights
        weights = weights + np.linalg.solve((x.T * (p * (1 - p))) @ x + ridge, slope)
    return weights


def _count(told: Iterator[tuple[Asked, str | None]]) -> dict[str, Any]:
    counts: dict[str, Counts] = {"all": Counts()}
    for asked, said in told:
        for name in ("all", asked.locale):
            counts.setdefault(name, Counts()).count(said, asked.right)
    return {name: counted.shown() for name, counted in counts.items()}


class Counts:
    """How often a notice was told, rightly or not."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.about = self.near = self.right = self.wrong = 0

    def count(self, said: str | None, right: str | None) -> None:
        """Count one question."""
        self.about += right is not None
        self.near += right is None
        self.right += said is not None and said == right
        self.wrong += said is not None and said != right

    def shown(self) -> dict[str, float | int]:
        """Return the numbers of questions, precision and recall."""
        told = self.right + self.wrong
        return {
            "about": self.about,
            "near": self.near,
            "told": told,
            "precision": round(self.right / told, 4) if told else 1.0,
            "recall": round(self.right / self.about, 4) if self.about else 1.0,
        }
