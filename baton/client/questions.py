"""Knowledge-base questions to measure with: as many different ones as the project's data hold."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from baton.client.phrases import LOCALES

#: Folder of the project: its demo questions and articles lie in data/.
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Question:
    """A knowledge-base question in its language."""

    text: str
    locale: str


def read_questions(root: Path) -> list[Question]:
    """Return different questions, mixed by locale: equal texts would be answered from caches.

    First the golden questions of `root`/data/eval, then what the articles of data/kb say that they
    answer, their titles, and title and heading of their sections.

    Raises:
        ValueError: the folder holds neither.
    """
    by_locale = {
        locale: [*_golden(root, locale), *_of_articles(root, locale)] for locale in LOCALES
    }
    mixed = [
        Question(texts[number], locale)
        for number in range(max(map(len, by_locale.values())))
        for locale, texts in by_locale.items()
        if number < len(texts)
    ]
    if not mixed:
        raise ValueError(f"neither data/eval/*.jsonl nor data/kb/*/*.md under {root}")
    return list(dict.fromkeys(mixed))


def _golden(root: Path, locale: str) -> Iterator[str]:
    for file in sorted((root / "data" / "eval").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            if item.get("gold") and item.get("locale") == locale:
                yield item["question"]


def _of_articles(root: Path, locale: str) -> list[str]:
    answered, titles, sections = [], [], []
    for file in sorted((root / "data" / "kb" / locale).glob("*.md")):
        title = ""
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("title:"):
                title = line.partition(":")[2].strip()
                titles.append(title)
            elif line.startswith("  - "):
                answered.append(line[4:].strip())
            elif line.startswith("## "):
                sections.append(f"{title}: {line[3:]}")
    return answered + titles + sections
