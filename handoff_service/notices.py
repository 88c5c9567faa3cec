"""A known problem, as it is told to customers before they ask. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from handoff_service.domain import DEFAULT_LOCALE, LOCALES, Json
from handoff_service.errors import BatonError

#: Longest title, text, question and address, in characters.
TITLE_CHARS, TEXT_CHARS, QUESTION_CHARS, URL_CHARS = 120, 1000, 200, 500
#: So many example questions a notice may have.
MOST_QUESTIONS = 30
#: So many notices may stand at a time: customers see all of them, and every turn carries them.
MOST_STANDING = 5

_ADDRESS = re.compile(r"(?:https?://[^\s/]|/(?!/))\S*")
#: What is read where a locale has no words: the other kind of Chinese before English.
_NEAREST = {"zh-Hans": ("zh-Hant",), "zh-Hant": ("zh-Hans",)}


class NoticeInvalid(BatonError):
    """A field of a notice has no acceptable value."""

    code = "notice_invalid"

    def __init__(self, field_name: str, expected: str) -> None:
        """Name the field and what it may hold."""
        self.field, self.expected = field_name, expected
        super().__init__(f"{field_name}: {expected}")


@dataclass(frozen=True, slots=True)
class Words:
    """What a notice says in one language."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class NewNotice:
    """What somebody wants to publish.

    Raises:
        NoticeInvalid: a field has no acceptable value; names the field and what it wants.
    """

    words: Mapping[str, Words]  #: by locale, at least one
    questions: tuple[str, ...] = ()  #: how customers ask about it, in any language
    url: str = ""  #: where more stands; "" for nowhere
    from_ms: int = 0  #: since when customers see it
    until_ms: int | None = None  #: until when; None: until it is withdrawn

    def __post_init__(self) -> None:
        if not self.words:
            raise NoticeInvalid("texts", f"a title and a text in at least one of {_LOCALES}")
        for locale, words in self.words.items():
            if locale not in LOCALES:
                raise NoticeInvalid(f"texts.{locale}", f"one of the languages {_LOCALES}")
            _check_length(f"texts.{locale}.title", words.title, TITLE_CHARS)
            _check_length(f"texts.{locale}.text", words.text, TEXT_CHARS)
        if len(self.questions) > MOST_QUESTIONS:
            raise NoticeInvalid("questions", f"{MOST_QUESTIONS} at most")
        for question in self.questions:
            _check_length("questions", question, QUESTION_CHARS)
        if self.url and (len(self.url) > URL_CHARS or not _ADDRESS.fullmatch(self.url)):
            raise NoticeInvalid("url", "an address that begins with https://, http:// or /")
        if self.until_ms is not None and self.until_ms <= self.from_ms:
            raise NoticeInvalid("until_ms", "later than from_ms")

    @classmethod
    def from_texts(cls, texts: Mapping[str, Mapping[str, str]], **rest: object) -> Self:
        """Make one from {locale: {"title", "text"}}; locales with nothing in them are left out."""
        words = {
            locale: Words(said.get("title", "").strip(), said.get("text", "").strip())
            for locale, said in texts.items()
        }
        kept = {locale: said for locale, said in words.items() if said.title or said.text}
        return cls(kept, **rest)  # type: ignore[arg-type]  # the fields of this very class


@dataclass(frozen=True, slots=True)
class Notice(NewNotice):
    """A published notice."""

    notice_id: str = field(kw_only=True)
    version: int = field(kw_only=True, default=1)  #: rises with each change
    author: str = field(kw_only=True, default="")  #: account id, or "operator"
    published_ms: int = field(kw_only=True, default=0)
    withdrawn_ms: int | None = field(kw_only=True, default=None)

    def stands(self, now_ms: int) -> bool:
        """Whether customers see it now."""
        begun = self.withdrawn_ms is None and self.from_ms <= now_ms
        return begun and (self.until_ms is None or now_ms < self.until_ms)

    def is_over(self, now_ms: int) -> bool:
        """Whether customers will never see it again."""
        ended = self.until_ms is not None and self.until_ms <= now_ms
        return ended or self.withdrawn_ms is not None

    def said_in(self, locale: str) -> tuple[str, Words]:
        """Return the words for readers of a locale, and the locale that they are in."""
        wanted = (locale, *_NEAREST.get(locale, ()), DEFAULT_LOCALE, *self.words)
        found = next(name for name in wanted if name in self.words)
        return found, self.words[found]

    def for_customer(self, locale: str) -> Json:
        """Return what a customer's page draws; `foreign`: not in the locale asked for."""
        found, words = self.said_in(locale)
        shown: Json = {
            "id": self.notice_id,
            "version": self.version,
            "title": words.title,
            "text": words.text,
            "locale": found,
            "since_ms": self.from_ms,
        }
        if found != locale:
            shown["foreign"] = True
        return shown | ({"url": self.url} if self.url else {})

    def for_matching(self) -> Json:
        """Return what the bot compares questions with: every way in which it is spoken of."""
        titles = [words.title for words in self.words.values()]
        texts = [words.text for words in self.words.values()]
        return {
            "id": self.notice_id,
            "titles": titles,
            "texts": texts,
            "questions": [*self.questions],
        }


_LOCALES = ", ".join(LOCALES)


def _check_length(name: str, text: str, limit: int) -> None:
    if not 0 < len(text) <= limit:
        raise NoticeInvalid(name, f"1 to {limit} characters")
