"""Makes a synthetic help centre: articles in five languages, golden questions, drawn vectors."""

from __future__ import annotations

import json
import random
from itertools import accumulate
from pathlib import Path

import numpy as np

from kb_index.embedding import FloatMatrix
from kb_index.model_settings import ModelSettings

#: Share of the articles in each locale.
SHARES = {"en": 0.4, "ko": 0.15, "ru": 0.15, "zh-Hans": 0.15, "zh-Hant": 0.15}
#: Sections of an article: its opening and three with a heading. Each is one chunk.
CHUNKS_PER_ARTICLE = 4
_VOCABULARY = 12_000
_SEED, _VECTOR_SEED = 5, 3


def _pairs(consonants: str, vowels: str) -> list[str]:
    return [first + second for first in consonants.split() for second in vowels.split()]


_HAN = [chr(code) for code in range(0x4E00, 0x9000, 9)]
_SYLLABLES = {
    "en": _pairs("b c d f g l m n p r s t st tr pl", "a e i o u ar en ing"),
    "ru": _pairs("б в г д к л м н п р с т ст пр", "а е и о у ов ать ый"),
    "ko": [chr(code) for code in range(0xAC00, 0xD7A3, 17)],
    "zh-Hans": _HAN,
    "zh-Hant": _HAN,
}


def write_site(folder: Path, *, articles: int, questions: int) -> int:
    """Write about `articles` articles into kb/ and as many golden questions into eval/.

    A question is the title of an article. Returns how many articles there are.
    """
    chance = random.Random(_SEED)  # noqa: S311 - nothing secret
    written = 0
    for locale, share in SHARES.items():
        size = max(1, round(articles * share))
        words = _Words(locale, chance)
        (folder / "kb" / locale).mkdir(parents=True)
        titles = [words.phrase(4) for _ in range(size)]
        for number, title in enumerate(titles):
            text = _write_article(number, title, locale=locale, size=size, words=words)
            path = folder / "kb" / locale / f"article-{number}.md"
            path.write_text(text, encoding="utf-8")
        _write_questions(folder / "eval", locale, titles[: round(questions * share)])
        written += size
    return written


def edit_article(folder: Path, number: int) -> None:
    """Add a sentence to an article; `number` makes it another one than before."""
    path = folder / "kb" / "en" / "article-0.md"
    with path.open("a", encoding="utf-8") as stream:
        stream.write(f"This was edited {number} times.\n")


class DrawnVectors:
    """Stands for the model at the first build, which is not what is measured: random vectors."""

    def __init__(self, settings: ModelSettings) -> None:
        self.settings = settings
        self._rng = np.random.default_rng(_VECTOR_SEED)

    def embed_passages(self, texts: list[str], *, workers: int = 1) -> FloatMatrix:  # noqa: ARG002
        """Draw a unit vector for each text: float32 (texts, dimension)."""
        drawn = self._rng.standard_normal((len(texts), self.settings.dimension), np.float32)
        unit: FloatMatrix = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        return unit

    embed_queries = embed_passages


class _Words:
    """Draws words of a locale, the n-th as often as 1 / (n + 2) (Zipf)."""

    def __init__(self, locale: str, chance: random.Random) -> None:
        self.chance = chance
        self._chinese = locale.startswith("zh")
        sizes = (1, 2) if self._chinese else (1, 2, 3)
        self._words = [
            "".join(chance.choices(_SYLLABLES[locale], k=chance.choice(sizes)))
            for _ in range(_VOCABULARY)
        ]
        self._weights = list(accumulate(1 / (rank + 2) for rank in range(_VOCABULARY)))

    def phrase(self, n: int) -> str:
        """Return `n` words."""
        words = self.chance.choices(self._words, cum_weights=self._weights, k=n)
        return ("" if self._chinese else " ").join(words)

    def sentences(self, n: int) -> list[str]:
        """Return `n` sentences."""
        end = "。" if self._chinese else ". "
        return [self.phrase(self.chance.randint(8, 16)).capitalize() + end for _ in range(n)]


def _write_article(number: int, title: str, *, locale: str, size: int, words: _Words) -> str:
    head = f"---\nid: article-{number}\nlocale: {locale}\ntitle: {title}\nupdated: 2026-01-02\n---"
    parts = [f"{head}\n{''.join(words.sentences(4))}\n"]
    for _ in range(CHUNKS_PER_ARTICLE - 1):
        parts.append(f"\n## {words.phrase(3)}\n")
        if words.chance.random() < 0.5:
            steps = enumerate(words.sentences(6), start=1)
            parts += [f"{step}. {sentence}\n" for step, sentence in steps]
        else:
            link = f"[{words.phrase(1)}](article-{words.chance.randrange(size)})"
            parts.append(f"{''.join(words.sentences(6))}{link}\n")
    return "".join(parts)


def _write_questions(folder: Path, locale: str, titles: list[str]) -> None:
    folder.mkdir(exist_ok=True)
    rows = [
        {"id": f"{locale}-{n}", "question": title, "gold": [f"article-{n}"], "locale": locale}
        for n, title in enumerate(titles)
    ]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / f"{locale}.jsonl").write_text(lines, encoding="utf-8")
