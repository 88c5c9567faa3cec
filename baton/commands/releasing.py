"""Takes a built index through the gate: the options of `baton kb build`, and what is said."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from baton.commands.folders import model_dir

if TYPE_CHECKING:
    from kb_index.embedding import Embedder
    from kb_index.gate import Verdict
    from kb_index.golden import GoldenQuestion
    from kb_index.release import Check, Release

#: Questions that got worse, shown in text; --json has them all.
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class GateOptions:
    """How `baton kb build` takes a new index through the gate."""

    eval_dir: Path | None
    no_check: bool
    force: bool
    keep_live: bool

    @property
    def check(self) -> Check:
        """How it is checked."""
        from kb_index.release import Check

        if self.no_check:
            return Check.SKIPPED
        return Check.OVERRULED if self.force else Check.REQUIRED


def gate_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of the gate to a command, which gets them as `gate: GateOptions`."""

    @click.option(
        "--eval",
        "eval_dir",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder of golden questions, <locale>.jsonl.  [default: eval beside the articles]",
    )
    @click.option("--no-check", is_flag=True, help="Go live without asking the golden questions.")
    @click.option("--force", is_flag=True, help="Go live even if it answers worse.")
    @click.option("--keep-live", is_flag=True, help="End with 0, not 1, when it is refused.")
    @wraps(command)
    def wrapped(
        *, eval_dir: Path | None, no_check: bool, force: bool, keep_live: bool, **others: Any
    ) -> None:
        command(gate=GateOptions(eval_dir, no_check, force, keep_live), **others)

    return wrapped


def find_questions(eval_dir: Path | None, articles_dir: Path) -> list[GoldenQuestion]:
    """Read the golden questions: those named, which must be there, or those beside the articles.

    Raises:
        EvaluationInputBroken: the named folder holds none, or a line is wrong.
    """
    from kb_index.errors import EvaluationInputBroken
    from kb_index.golden import read_golden

    found = read_golden(eval_dir or articles_dir.parent / "eval")
    if eval_dir and not found:
        raise EvaluationInputBroken(f"{eval_dir}: no golden questions; expected <locale>.jsonl")
    return found


def embedder_loader(data_dir: Path) -> Callable[[], Embedder]:
    """Return a function that loads the embedding model the first time it is called."""

    @cache
    def load() -> Embedder:
        from kb_index.embedding import Embedder

        return Embedder.load(model_dir(data_dir))

    return load


def release_version(
    data_dir: Path,
    version: str,
    questions: Sequence[GoldenQuestion],
    *,
    check: Check,
    load_embedder: Callable[[], Embedder],
) -> Release:
    """Make a built version live if it may be; say on stderr what was refused or overruled."""
    from kb_index.model_settings import read_settings
    from kb_index.release import release

    result = release(
        data_dir / "kb",
        version,
        questions,
        check=check,
        model=read_settings(model_dir(data_dir)),
        load_embedder=load_embedder,
        now_ms=now_ms(),
    )
    if result.verdict:
        for line in describe(result.verdict):
            click.echo(line, err=True)
    for reason in result.reasons:
        word = "OVERRULED" if result.is_live else "REFUSED"
        click.echo(f"{word}: {version}: {reason}", err=True)
    if not result.is_live:
        folder = data_dir / "kb" / "versions" / version
        click.echo(
            f"The live index stays; the refused one is kept in {folder}.\n"
            "Mend the articles or the golden questions and build again, or build with --force.",
            err=True,
        )
    return result


def describe(verdict: Verdict) -> list[str]:
    """Say in lines what the versions do differently."""
    counts = verdict.as_json()
    lines = [
        f"{len(verdict.compared)} golden questions, {verdict.live} → {verdict.version}: "
        + ", ".join(
            f"{name} {counts['before'][name]} → {counts['after'][name]}"
            for name in counts["before"]
        )
    ]
    worse = verdict.worse
    lines += [f"  worse: {change}" for change in worse[:_SHOWN]]
    if len(worse) > _SHOWN:
        lines.append(f"  … and {len(worse) - _SHOWN} more (baton kb check --json)")
    lines += [
        f"  its articles are gone: [{question.locale}] {question.text!r}"
        for question in verdict.dropped[:_SHOWN]
    ]
    if len(verdict.dropped) > _SHOWN:
        lines.append(f"  … and {len(verdict.dropped) - _SHOWN} more without their articles")
    return lines


def now_ms() -> int:
    """Return the time, in milliseconds since 1970."""
    return int(time.time() * 1000)
