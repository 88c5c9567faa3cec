"""Loads and checks the articles: Markdown files with front matter in one folder a locale."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from kb_index.errors import ArticlesBroken
from kb_index.invisible import strip_invisible
from kb_index.locales import LOCALES
from kb_index.markdown import find_links

if TYPE_CHECKING:
    from kb_index.kept_readings import KeptReadings, Reading

#: PyYAML's loader of plain text (a title "Yes" or "2.10" stays one), in C where it was built so.
_Loader: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
#: What an article's id may look like; it is part of addresses.
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_OUTSIDE = re.compile(r"(https?://|mailto:|tel:)", re.IGNORECASE)
#: Larger files are surely not articles (the longest of a real help centre has 60 kB).
MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Article:
    """A published article; `updated` is YYYY-MM-DD ("": unknown), `body` Markdown.

    `answers` are questions that the maintainer pinned to it; `url` is its page elsewhere, "" when
    Baton's own help page shows it.
    """

    id: str
    locale: str
    title: str
    updated: str
    tags: tuple[str, ...]
    body: str
    answers: tuple[str, ...] = ()
    url: str = ""

    @property
    def key(self) -> str:
        """Names the article among all: locale/id."""
        return f"{self.locale}/{self.id}"

    def content_hash(self) -> str:
        """Hash all that readers see, as hexadecimal."""
        content = [self.id, self.locale, self.title, self.updated, self.tags, self.body]
        content += [self.answers, self.url]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file cannot be published, and what to do."""

    path: Path
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The good articles, sorted by locale and id, and the problems of the others."""

    articles: tuple[Article, ...]
    problems: tuple[Problem, ...]

    def require_clean(self) -> None:
        """Raise ArticlesBroken with every problem, if there is one."""
        if self.problems:
            raise ArticlesBroken([str(problem) for problem in self.problems])


def load_articles(folder: Path, *, kept: KeptReadings | None = None) -> Loaded:
    """Load every `<locale>/*.md` under `folder` and check them together.

    A link that leads to no article is a problem of the linking file. Files that `kept` knows are
    not parsed again.

    Raises:
        ArticlesBroken: there is no such folder, or no article in it.
    """
    if not folder.is_dir():
        raise ArticlesBroken([f"{folder}: no such folder; name the folder of articles with --kb"])
    found: list[tuple[Path, Article]] = []
    problems: list[Problem] = []
    links: dict[Path, tuple[str, ...]] = {}
    for path in sorted(folder.rglob("*.md"), key=str):
        reading = _try_reading(path, folder, kept)
        if isinstance(reading, Problem):
            problems.append(reading)
        else:
            found.append((path, reading.article))
            links[path] = reading.links
    if kept:
        kept.save()
    known = {article.key for _, article in found}
    known |= {f"{problem.path.parent.name}/{problem.path.stem}" for problem in problems}
    found, more = _drop_duplicates(found)
    problems += more
    found, more = _drop_dangling(found, links=links, known=known)
    problems += more
    if not found and not problems:
        raise ArticlesBroken([f"{folder}: no articles; expected <locale>/<id>.md files"])
    articles = sorted((article for _, article in found), key=lambda article: article.key)
    return Loaded(tuple(articles), tuple(sorted(problems, key=lambda problem: problem.path)))


def _parse(text: str, *, locale: str) -> Article:
    match = _FRONT_MATTER.match(text)
    if match is None:
        raise _Unusable(
            "no front matter; begin with a line ---, then id, title, locale, updated, tags, "
            "then a line ---"
        )
    try:
        fields = yaml.load(match[1], Loader=_Loader)  # noqa: S506 - it makes only text
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = "" if line is None else f" in line {line + 2}"
        raise _Unusable(
            f"the front matter is not YAML{where}; quote values that contain a colon"
        ) from error
    if not isinstance(fields, dict):
        raise _Unusable("the front matter has no fields; write one `name: value` a line")
    reasons = list(_check_fields(fields, locale=locale))
    body = text[match.end() :]
    if not body.strip():
        reasons.append("there is no text under the front matter; write some or remove the file")
    if reasons:
        raise _Unusable("; ".join(reasons))
    return Article(
        id=str(fields["id"]),
        locale=locale,
        title=str(fields["title"]).strip(),
        updated=_iso_date(fields["updated"]),
        tags=tuple(str(tag) for tag in fields.get("tags") or ()),
        body=body.strip("\n"),
        answers=tuple(str(question).strip() for question in fields.get("answers") or ()),
        url=str(fields.get("url") or ""),
    )


def link_target(link: str) -> str | None:
    """Return the id of the article a link points to; None: an address outside or an anchor."""
    if _OUTSIDE.match(link) or link.startswith("#"):
        return None
    return link.partition("#")[0]


def _try_reading(path: Path, folder: Path, kept: KeptReadings | None) -> Reading | Problem:
    from kb_index.kept_readings import Reading

    def parse() -> Reading:
        article = _parse(text, locale=locale)
        return Reading(article, tuple(find_links(article.body)))

    try:
        locale = _folder_locale(path, folder)
        text = _read_text(path)
        return kept.read(text, locale=locale, parse=parse) if kept else parse()
    except _Unusable as error:
        return Problem(path, str(error))


class _Unusable(Exception):
    """A single file cannot be used; the text says why and what to do."""


def _folder_locale(path: Path, folder: Path) -> str:
    parts = path.parts[len(folder.parts) :]
    if len(parts) < 2:
        raise _Unusable(f"not in a locale's folder; move it to one of {', '.join(LOCALES)}")
    if parts[0] not in LOCALES:
        raise _Unusable(f"unknown locale {parts[0]!r}; use one of {', '.join(LOCALES)}")
    return parts[0]


def _read_text(path: Path) -> str:
    if path.stat().st_size > MAX_BYTES:
        raise _Unusable(f"larger than {MAX_BYTES:,} bytes; split it into several articles")
    try:
        text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise _Unusable(f"not UTF-8 at byte {error.start}; save it as UTF-8") from error
    return strip_invisible(text)


def _check_fields(fields: dict[Any, Any], *, locale: str) -> Iterator[str]:
    if not str(fields.get("title") or "").strip():
        yield "no title; add `title: …` to the front matter"
    article_id = fields.get("id")
    if not article_id:
        yield "no id; add `id: …` to the front matter"
    elif not _ID.fullmatch(str(article_id)):
        yield f"id {str(article_id)!r} is not lower-case words joined by hyphens"
    stated = fields.get("locale")
    if stated not in LOCALES:
        yield f"unknown locale {stated!r}; use one of {', '.join(LOCALES)}"
    elif stated != locale:
        yield f"locale {stated} in the folder of {locale}; move the file or correct the field"
    try:
        _iso_date(fields.get("updated"))
    except ValueError:
        yield f"updated {fields.get('updated')!r} is no date; write YYYY-MM-DD"
    for name in ("tags", "answers"):
        if not isinstance(fields.get(name) or [], list):
            yield f"{name} is no list; write [one, two]"
    if fields.get("url") and not re.match(r"https?://", str(fields["url"])):
        yield f"url {fields['url']!r} is no address; begin it with https:// or http://"


def _iso_date(value: object) -> str:
    return date.fromisoformat(str(value)).isoformat()


def _drop_duplicates(
    found: list[tuple[Path, Article]],
) -> tuple[list[tuple[Path, Article]], list[Problem]]:
    counts = Counter(article.key for _, article in found)
    kept, problems = [], []
    for path, article in found:
        if counts[article.key] == 1:
            kept.append((path, article))
            continue
        others = [str(other) for other, twin in found if twin.key == article.key and other != path]
        reason = f"the id {article.id!r} is also used by {', '.join(others)}; give each its own"
        problems.append(Problem(path, reason))
    return kept, problems


def _drop_dangling(
    found: list[tuple[Path, Article]], *, links: dict[Path, tuple[str, ...]], known: set[str]
) -> tuple[list[tuple[Path, Article]], list[Problem]]:
    """Leave out articles whose links lead to no file at all.

    A link to an article that is itself left out is no fault of the linking one: it becomes plain
    text.
    """
    kept, problems = [], []
    for path, article in found:
        broken = _dangling_links(article, links[path], known=known)
        if broken:
            named = ", ".join(repr(link) for link in broken)
            reason = f"link to {named}, no article of this locale; correct or remove it"
            problems.append(Problem(path, reason))
        else:
            kept.append((path, article))
    return kept, problems


def _dangling_links(article: Article, links: tuple[str, ...], *, known: set[str]) -> list[str]:
    targets = [(link, link_target(link)) for link in links]
    return [
        link
        for link, target in targets
        if target is not None and f"{article.locale}/{target}" not in known
    ]
