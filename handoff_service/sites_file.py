"""Reads widget.yml; whatever is wrong with it is told at once, each with its line."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

import yaml

from handoff_service.contrast import Palette, palette
from handoff_service.domain import LOCALES
from handoff_service.errors import SitesError
from handoff_service.logo_file import BadLogo, read_logo
from handoff_service.sites import (
    LAUNCHER_KEYS,
    POSITIONS,
    THEMES,
    USUAL_SURVEY,
    IdentityPolicy,
    Logo,
    Site,
    Sites,
    SurveyAfter,
    SurveyRule,
    SurveyRules,
)
from handoff_service.yaml_nodes import NodeReader, Unreadable, Unusable, compose, compose_text

#: Read where no other file is named; it need not exist.
PROJECT_FILE = Path("data/widget.yml")

#: Farthest from the edges of the window, in CSS pixels.
FARTHEST = 400
MOST_SUGGESTIONS = 6
LONGEST_NAME, LONGEST_TEXT, LONGEST_SUGGESTION = 60, 300, 100
LONGEST_AGAIN_DAYS = 3650
#: Without a word: a month, in which nobody is asked twice.
AGAIN_DAYS = 30

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_KID = re.compile(r"[A-Za-z0-9_.-]{1,32}")
_ORIGIN = re.compile(
    r"https?://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?"
)
_OWN_ADDRESS = re.compile(r"(/[\w.~-]+)+")
_PLACEHOLDER = re.compile(r"\{\w+\}")
_SHARE = re.compile(r"[01]|[01]?\.\d{1,6}|1\.0+")
_YES, _NO = {"true", "yes", "on"}, {"false", "no", "off"}
_STRINGS = Path(__file__).parent / "web" / "shared" / "locales" / "widget" / "en.json"

#: What a site may say.
FIELDS = {
    "origins", "name", "colour", "colour_dark", "logo", "theme", "position", "offset", "sound",
    "texts", "suggestions", "identity", "identity_keys", "attachments", "survey", "contact_hours",
}  # fmt: skip

T = TypeVar("T")


def find_sites(chosen: Path | None) -> Sites:
    """Return the sites of the chosen file, else of the project's, else the one usual site.

    Raises:
        SitesError: as read_sites; also when the chosen file is missing.
    """
    if chosen is None and not PROJECT_FILE.exists():
        return Sites()
    return read_sites(chosen or PROJECT_FILE)


def read_sites(path: Path) -> Sites:
    """Read a file; docs/widget.md says what it may hold.

    Raises:
        SitesError: it cannot be read, or any line of it cannot be used; names every one.
    """
    return _read(path, compose, folder=path.parent)


def read_draft(text: str) -> Sites:
    """Read what somebody would write into the file; a logo beside it is not there yet.

    Raises:
        SitesError: as read_sites.
    """
    return _read(PROJECT_FILE, partial(compose_text, text), folder=None)


def sites_of(root: yaml.Node | None, *, folder: Path | None) -> Sites:
    """Read what stands in such a file; logos are beside it, in `folder`. Raises Unusable."""
    reader = _Reader(folder)
    return reader.checked(reader.sites(root), root)


class _Reader(NodeReader):
    """Knows what the file may say."""

    def __init__(self, folder: Path | None) -> None:
        super().__init__()
        self.folder = folder

    def sites(self, root: yaml.Node | None) -> Sites:
        if root is None:
            return Sites()
        named = self.fields(root, {"sites"}, required={"sites"}).get("sites")
        found = tuple(
            self._site(self._matching(key, _KEY, "shop or shop-2"), node)
            for key, node in self.pairs(named, "sites by name, each with what it has its own way")
        )
        return Sites(found) if found else Sites()

    def _site(self, key: str, node: yaml.Node) -> Site:
        plain = isinstance(node, yaml.MappingNode) and not node.value
        known = {} if plain else self.fields(node, FIELDS, required=set())
        usual = Site()

        def read(name: str, how: Callable[[yaml.Node], T], otherwise: T) -> T:
            return how(known[name]) if name in known else otherwise

        return Site(
            key=key,
            origins=read("origins", self._origins, usual.origins),
            name=read("name", lambda name: self._line(name, LONGEST_NAME), usual.name),
            colours=self._colours(known.get("colour"), known.get("colour_dark")),
            logo=read("logo", self._logo, usual.logo),
            theme=read("theme", lambda theme: self._word(theme, THEMES), usual.theme),
            position=read("position", lambda side: self._word(side, POSITIONS), usual.position),
            offset=read("offset", self._offset, usual.offset),
            sound=read("sound", self._truth, usual.sound),
            texts=read("texts", self._texts, usual.texts),
            suggestions=read("suggestions", self._suggestions, usual.suggestions),
            identity=read("identity", self._identity, usual.identity),
            identity_keys=read("identity_keys", self._kids, usual.identity_keys),
            attachments=read("attachments", self._truth, usual.attachments),
            survey=read("survey", self._survey, usual.survey),
            contact_hours=read("contact_hours", self._truth, usual.contact_hours),
        )

    def _origins(self, node: yaml.Node) -> tuple[str, ...]:
        return tuple(
            self._matching(origin, _ORIGIN, "https://shop.example or https://*.shop.example")
            for origin in self._items(node, "origins: [https://shop.example]")
        )

    def _colours(self, light: yaml.Node | None, dark: yaml.Node | None) -> Palette:
        usual = Site().colours
        if light is None:
            if dark is not None:
                self.problem(dark, "colour_dark: of which colour? name the colour beside it")
            return usual
        written = [self._colour(node) for node in (light, dark) if node is not None]
        return usual if written == [usual.light.brand, usual.dark.brand] else palette(*written)

    def _colour(self, node: yaml.Node) -> str:
        text = self.text(node)
        try:
            palette(text)
        except ValueError:
            self.problem(node, f'{text!r} is no colour; expected one such as "#0b6e5f", in quotes')
            return "#000000"
        return text

    def _logo(self, node: yaml.Node) -> Logo | str | None:
        text = self.text(node)
        if text.startswith("/"):
            return self._matching(node, _OWN_ADDRESS, "an address on our origin such as /brand.svg")
        if "/" in text or "\\" in text:
            self.problem(node, f"{text!r} is neither a file beside this one nor an address from /")
            return None
        if self.folder is None:
            return None
        try:
            return read_logo(self.folder / text)
        except BadLogo as error:
            self.problem(node, f"logo: {error}")
            return None

    def _offset(self, node: yaml.Node) -> tuple[int, int]:
        numbers = [self.number(item, 0, FARTHEST) for item in self._items(node, "[20, 20]")]
        if len(numbers) != 2:
            self.problem(node, "offset: expected two numbers of pixels such as [20, 20]")
            return 0, 0
        return numbers[0], numbers[1]

    def _texts(self, node: yaml.Node) -> dict[str, dict[str, str]]:
        return {
            locale: {
                key.value: self._text(key, text)
                for key, text in self.pairs(texts, "names of strings and what they say")
            }
            for locale, texts in self._by_locale(node)
        }

    def _text(self, key: yaml.ScalarNode, node: yaml.Node) -> str:
        usual, said = _strings().get(key.value), self._line(node, LONGEST_TEXT)
        if usual is None:
            self.problem(key, f"{key.value!r} is no string of the widget; docs/widget.md has them")
        elif not isinstance(usual, str):
            self.problem(key, f"{key.value!r} has plural forms; it cannot be said otherwise")
        elif strange := set(_PLACEHOLDER.findall(said)) - set(_PLACEHOLDER.findall(usual)):
            filled = ", ".join(sorted(_PLACEHOLDER.findall(usual))) or "nothing"
            names = ", ".join(sorted(strange))
            self.problem(node, f"{names} is not filled in here; {key.value} is given {filled}")
        return said

    def _suggestions(self, node: yaml.Node) -> dict[str, tuple[str, ...]]:
        asked = {}
        for locale, questions in self._by_locale(node):
            items = self._items(questions, "a list of questions")
            if len(items) > MOST_SUGGESTIONS:
                self.problem(questions, f"{len(items)} suggestions; at most {MOST_SUGGESTIONS} do")
            asked[locale] = tuple(self._line(item, LONGEST_SUGGESTION) for item in items)
        return asked

    def _identity(self, node: yaml.Node) -> IdentityPolicy:
        return IdentityPolicy(self._word(node, tuple(IdentityPolicy)))

    def _kids(self, node: yaml.Node) -> tuple[str, ...]:
        items = self._items(node, "ids of secrets such as [2026-11]")
        return tuple(
            self._matching(item, _KID, "an id of a secret such as 2026-11") for item in items
        )

    def _survey(self, node: yaml.Node) -> SurveyRules:
        if isinstance(node, yaml.ScalarNode):
            if self.text(node) not in _NO:
                self.problem(node, "survey: expected csat, ces, nps and again_days, or off")
            return SurveyRules()
        known = self.fields(node, {"csat", "ces", "nps", "again_days"}, required=set())
        days = known.pop("again_days", None)
        again_days = AGAIN_DAYS if days is None else self.number(days, 1, LONGEST_AGAIN_DAYS)
        rules = {
            kind: self._survey_rule(rule, again_days)
            for kind, rule in known.items()
            if kind in {"csat", "ces", "nps"}
        }
        return SurveyRules(**rules)

    def _survey_rule(self, node: yaml.Node, again_days: int) -> SurveyRule:
        known = self.fields(node, {"after", "share", "again_days"}, required=set())
        after, share, days = known.get("after"), known.get("share"), known.get("again_days")
        usual = USUAL_SURVEY.csat.after if USUAL_SURVEY.csat else frozenset()
        return SurveyRule(
            after=usual if after is None else self._after(after),
            share=1.0 if share is None else self._share(share),
            again_days=again_days if days is None else self.number(days, 1, LONGEST_AGAIN_DAYS),
        )

    def _after(self, node: yaml.Node) -> frozenset[SurveyAfter]:
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        return frozenset(SurveyAfter(self._word(item, tuple(SurveyAfter))) for item in items)

    def _share(self, node: yaml.Node) -> float:
        text = self.text(node)
        if _SHARE.fullmatch(text) and 0 <= (share := float(text)) <= 1:
            return share
        self.problem(node, f"{text!r} is no share; expected 0 … 1, such as 0.2 for one in five")
        return 0.0

    def _by_locale(self, node: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
        for locale, value in self.pairs(node, f"locales: {', '.join(LOCALES)}"):
            yield self._word(locale, LOCALES), value

    def _items(self, node: yaml.Node, expected: str) -> list[yaml.Node]:
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        self.problem(node, f"expected {expected}")
        return []

    def _word(self, node: yaml.Node, words: tuple[str, ...]) -> str:
        text = self.text(node)
        if text in words:
            return text
        self.problem(node, f"{text!r} is unknown; expected {', '.join(words)}")
        return str(words[0])

    def _truth(self, node: yaml.Node) -> bool:
        text = self.text(node).lower()
        if text not in _YES | _NO:
            self.problem(node, f"{text!r} is neither true nor false")
        return text in _YES

    def _line(self, node: yaml.Node, longest: int) -> str:
        text = self.text(node)
        if len(text) > longest or not text.isprintable():
            self.problem(node, f"expected one line of at most {longest} characters")
        return text

    def _matching(self, node: yaml.Node, form: re.Pattern[str], expected: str) -> str:
        text = self.text(node)
        if text and form.fullmatch(text) is None:
            self.problem(node, f"{text!r} cannot be used; expected {expected}")
        return text


def _read(path: Path, root_of: Callable[[Path], yaml.Node | None], *, folder: Path | None) -> Sites:
    try:
        return sites_of(root_of(path), folder=folder)
    except Unreadable as error:
        raise SitesError([str(error)]) from error
    except Unusable as error:
        raise SitesError(error.lines(path)) from error


@cache
def _strings() -> dict[str, object]:
    """Return the English strings of the widget: which there are, and what each is given."""
    told: dict[str, object] = json.loads(_STRINGS.read_text("utf-8"))
    return told | dict.fromkeys(LAUNCHER_KEYS, "")
