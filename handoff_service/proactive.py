"""When the site speaks to a visitor first, and with which words: no I/O.

The page decides when (web/widget/proactive.js), the service what is said, and how often at most.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from handoff_service.domain import DEFAULT_LOCALE, Json

DAY_MS = 86_400_000
#: What a visit lasts at least, to the service, which does not see visits: as the page has it.
VISIT_MS = 1_800_000
#: For the page: never again.
_NEVER_MS = 9_000_000_000_000_000
#: Field of an event that says that it came.
_CAME = "$"


class Often(StrEnum):
    """How often a rule may speak to the same visitor, besides every so many days."""

    VISIT = "visit"  #: once in each visit
    DAY = "day"  #: once in a day
    VISITOR = "visitor"  #: once


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWanted:
    """Something that the page told of (`Baton.track`), and what it said of itself."""

    name: str
    at_least: Mapping[str, float] = field(default_factory=dict)
    at_most: Mapping[str, float] = field(default_factory=dict)
    forms: Mapping[str, str] = field(
        default_factory=dict
    )  #: field → regular expression of the text


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """What must hold, all of it; forms are regular expressions that JavaScript reads, too."""

    page: str = ""  #: form of the path
    title: str = ""  #: form of the page's title
    seconds: int = 0  #: in sight on this page
    scrolled: int = 0  #: percent of the page that was in sight
    visits: int = 0  #: this one included
    event: EventWanted | None = None
    on_duty: bool | None = None  #: whether people are there; None: either


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstWord:
    """One rule."""

    rule_id: str
    sites: frozenset[str] = frozenset()  #: names of sites; none: of every site
    when: When = When()
    texts: Mapping[str, str]  #: by locale; in other languages it is not said
    suggestions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    often: Often | int = Often.VISITOR  #: or every so many days

    @property
    def again_ms(self) -> int | None:
        """After which time the service lets it be said again; None: never."""
        if isinstance(self.often, int):
            return self.often * DAY_MS
        return {Often.VISIT: VISIT_MS, Often.DAY: DAY_MS, Often.VISITOR: None}[self.often]

    def said_in(self, locale: str) -> tuple[str, tuple[str, ...]]:
        """Return the text and the suggestions for readers of a locale."""
        known = (name for name in (locale, DEFAULT_LOCALE, *self.texts) if name in self.texts)
        found = next(known)
        return self.texts[found], self.suggestions.get(found, ())

    def for_page(self) -> Json:
        """Return what the page needs to know when to say it."""
        said = {"id": self.rule_id, "text": dict(self.texts), "when": self._conditions()}
        if self.often is Often.VISIT:
            return said
        return said | {"every": _NEVER_MS if self.again_ms is None else self.again_ms}

    def _conditions(self) -> list[list[str | float]]:
        when, event = self.when, self.when.event
        facts: dict[str, str | float] = {"path": when.page, "title": when.title}
        facts |= {"seconds": when.seconds, "scrolled": when.scrolled, "visits": when.visits}
        found: list[list[str | float]] = [[name, wish] for name, wish in facts.items() if wish]
        found.append(["locale", f"^({'|'.join(self.texts)})$"])
        if event is None:
            return found
        found.append([f"@{event.name}.{_CAME}", 1])
        found += [[f"@{event.name}.{name}", least] for name, least in event.at_least.items()]
        found += [[f"@{event.name}.{name}", most, 1] for name, most in event.at_most.items()]
        found += [[f"@{event.name}.{name}", form] for name, form in event.forms.items()]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstWords:
    """All rules, the first that fits speaks, and how much of it a visitor is spared."""

    rules: tuple[FirstWord, ...] = ()
    a_day: int = 1
    a_week: int = 2
    #: Days of silence after one was sent away; after two there are no more.
    silent_days: int = 14

    def of_site(self, site: str) -> tuple[FirstWord, ...]:
        """Return a site's rules."""
        return tuple(rule for rule in self.rules if not rule.sites or site in rule.sites)

    def find(self, site: str, rule_id: str) -> FirstWord | None:
        """Return a site's rule by its id."""
        return next((rule for rule in self.of_site(site) if rule.rule_id == rule_id), None)

    def for_page(self, site: str, *, on_duty: bool) -> Json | None:
        """Return what the page goes by; None where the site says nothing first.

        Rules that ask whether people are there are decided here, when the page is loaded.
        """
        fitting = [rule for rule in self.of_site(site) if rule.when.on_duty in (None, on_duty)]
        if not fitting:
            return None
        return {
            "rules": [rule.for_page() for rule in fitting],
            "caps": [[DAY_MS, self.a_day], [7 * DAY_MS, self.a_week]],
            "snooze": self.silent_days * DAY_MS,
        }
