"""Reads what an evaluation needs: articles and questions, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kb_index.articles import Article
from kb_index.errors import EvaluationInputBroken
from kb_index.evaluation import Question
from kb_index.locales import LOCALES, guess_locale

#: Articles from which a corpus without a stated language is guessed.
_GUESS_FROM = 50


def read_corpus(path: Path, *, locale: str | None) -> list[Article]:
    """Read a corpus: one {"id", "title", "text"} a line, text as Markdown; locale guessed if None.

    Raises:
        EvaluationInputBroken: the file, a line or a field is missing or wrong.
    """
    rows = list(_read_lines(path, required=("id", "text")))
    chosen = locale or guess_locale("\n".join(str(row["text"]) for _, row in rows[:_GUESS_FROM]))
    articles: dict[str, Article] = {}
    for number, row in rows:
        article_id = str(row["id"])
        if article_id in articles:
            raise EvaluationInputBroken(
                f"{path}, line {number}: the id {article_id!r} was used before"
            )
        articles[article_id] = Article(
            id=article_id,
            locale=chosen,
            title=str(row.get("title") or ""),
            updated="",
            tags=(),
            body=str(row["text"]),
        )
    return list(articles.values())


def read_questions(path: Path) -> list[Question]:
    """Read questions: one {"id", "question", "gold": [ids]} a line, "kind" if there is one.

    Raises:
        EvaluationInputBroken: the file, a line or a field is missing or wrong.
    """
    questions = []
    for number, row in _read_lines(path, required=("id", "question", "gold")):
        if not isinstance(row["gold"], list):
            raise EvaluationInputBroken(f"{path}, line {number}: gold is no list of article ids")
        gold = frozenset(str(one) for one in row["gold"])
        kind = str(row.get("kind") or "")
        questions.append(Question(str(row["id"]), str(row["question"]), gold, kind))
    return questions


def read_question_folder(folder: Path, *, locale: str | None) -> dict[str, list[Question]]:
    """Read <folder>/<locale>.jsonl of every locale that has one, or of the one named.

    Raises:
        EvaluationInputBroken: there is no such file, or a line or a field is missing or wrong.
    """
    wanted = [locale] if locale else LOCALES
    files = {name: folder / f"{name}.jsonl" for name in wanted}
    found = {name: read_questions(path) for name, path in files.items() if path.is_file()}
    if not found:
        raise EvaluationInputBroken(
            f"{folder}: no questions; expected {' or '.join(f'{name}.jsonl' for name in wanted)}"
        )
    return found


def _read_lines(path: Path, *, required: Sequence[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    if not path.is_file():
        raise EvaluationInputBroken(f"{path}: no such file")
    found = False
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise EvaluationInputBroken(f"{path}, line {number}: not JSON ({error})") from error
        missing = [name for name in required if not isinstance(row, dict) or name not in row]
        if missing:
            raise EvaluationInputBroken(f"{path}, line {number}: no {', '.join(missing)}")
        found = True
        yield number, row
    if not found:
        raise EvaluationInputBroken(f"{path}: empty; one JSON object a line is expected")
