"""The websites that show the widget, and what each has its own way: no I/O."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from handoff_service.contrast import Palette, Shades, palette
from handoff_service.domain import Json

#: The site of a tag that names none.
DEFAULT = "default"
#: The colours of a site that has none of its own: those of web/shared/theme.css.
BUILT_IN = Palette(
    light=Shades("#0b6e5f", "#ffffff", "#0b6e5f"), dark=Shades("#17594d", "#ffffff", "#4cc2ad")
)

#: Strings of the button, closed and open, which are the loader's and not the conversation's.
LAUNCHER_KEYS = ("launcher_open", "launcher_close")

THEMES = ("system", "light", "dark")
POSITIONS = ("end", "start")


class IdentityPolicy(StrEnum):
    """Whether customers of a site may say, signed by the site, who they are."""

    OFF = "off"  #: everybody is anonymous
    OPTIONAL = "optional"  #: who is signed in at the site is known here too
    REQUIRED = "required"  #: nobody else is served


class SurveyAfter(StrEnum):
    """What a question about the service may follow."""

    PERSON = "person"  #: a talk with an agent
    ANSWER = "answer"  #: a conversation with the bot alone


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRule:
    """When one kind of question is asked."""

    after: frozenset[SurveyAfter]
    #: How many of the customers are asked, 0 to 1.
    share: float
    #: Days in which the same customer is not asked anything again.
    again_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRules:
    """What customers are asked: satisfaction, effort, recommendation; None is never asked."""

    csat: SurveyRule | None = None
    ces: SurveyRule | None = None
    nps: SurveyRule | None = None


#: Without a word about it: how satisfied, after each talk with a person, once in a month.
USUAL_SURVEY = SurveyRules(
    csat=SurveyRule(after=frozenset({SurveyAfter.PERSON}), share=1.0, again_days=30)
)


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture, checked when it was read."""

    body: bytes
    content_type: str
    #: Changes with the picture.
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One website; whatever is left out is as without a file."""

    #: What the script tag calls it.
    key: str = DEFAULT
    #: Where its pages are: scheme, host and port; the host may begin with `*.`.
    origins: tuple[str, ...] = ()
    #: What customers read at the head of the conversation.
    name: str = ""
    colours: Palette = BUILT_IN
    #: A picture of ours, or the address of one on the service's own origin.
    logo: Logo | str | None = None
    theme: str = "system"
    position: str = "end"
    #: From the edges of the window, in CSS pixels, inline and block.
    offset: tuple[int, int] = (20, 20)
    sound: bool = True
    #: Strings of the widget said in other words, by locale and key.
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: Questions to begin with, by locale.
    suggestions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    identity: IdentityPolicy = IdentityPolicy.OPTIONAL
    #: Ids of the secrets that may sign for this site; none: each of them.
    identity_keys: tuple[str, ...] = ()
    attachments: bool = True
    survey: SurveyRules = USUAL_SURVEY
    #: Whether customers read when people are there.
    contact_hours: bool = True

    @property
    def logo_address(self) -> str | None:
        """Return where the widget gets the logo, on our own origin."""
        if isinstance(self.logo, Logo):
            return f"/site/{self.key}/logo?v={self.logo.version}"
        return self.logo

    def wished(self, wishes: Mapping[str, str]) -> Self:
        """Return the site as its script tag wishes it: `colour` and `theme`, if they can be used.

        The wishes come with the address, so from anybody: what is no colour is left out.
        """
        colours, theme = self.colours, wishes.get("theme", self.theme)
        with suppress(ValueError):
            colours = palette(wishes.get("colour", ""))
        return replace(self, colours=colours, theme=theme if theme in THEMES else self.theme)

    def for_loader(self) -> Json:
        """Return what the button on the site's page goes by, without what is usual."""
        return _differences(self._loader(), Site()._loader())

    def for_frame(self) -> Json:
        """Return what the conversation itself goes by, without what is usual."""
        return _differences(self._frame(), Site()._frame())

    def _loader(self) -> Json:
        light, dark = self.colours.light, self.colours.dark
        return {
            "site": self.key,
            "colours": {"light": [light.brand, light.on], "dark": [dark.brand, dark.on]},
            "theme": self.theme,
            "position": self.position,
            "offset": list(self.offset),
            "labels": {
                locale: [texts.get(key, "") for key in LAUNCHER_KEYS]
                for locale, texts in self.texts.items()
                if not texts.keys().isdisjoint(LAUNCHER_KEYS)
            },
        }

    def _frame(self) -> Json:
        texts = {
            locale: {key: text for key, text in texts.items() if key not in LAUNCHER_KEYS}
            for locale, texts in self.texts.items()
        }
        return {
            "site": self.key,
            "name": self.name,
            "colours": self.colours.as_css(),
            "theme": self.theme,
            "logo": self.logo_address,
            "sound": self.sound,
            "texts": {locale: told for locale, told in texts.items() if told},
            "suggestions": {locale: list(asked) for locale, asked in self.suggestions.items()},
        }


@dataclass(frozen=True, slots=True)
class Sites:
    """Every site, the usual one first."""

    all: tuple[Site, ...] = (Site(),)

    @property
    def default(self) -> Site:
        """Return the site of a tag that names none: the one called `default`, else the first."""
        return self._by_key().get(DEFAULT, self.all[0])

    def find(self, key: str) -> Site:
        """Return the site of a name; of one that nobody knows, the default one."""
        return self._by_key().get(key, self.default)

    def known(self, key: str) -> bool:
        """Tell whether a site of this name is in the file."""
        return key in self._by_key()

    def with_origins(self, origins: tuple[str, ...]) -> Self:
        """Return the sites with further origins (`BATON_ALLOWED_ORIGINS`) of the default one."""
        default = self.default
        added = tuple(origin for origin in origins if origin not in default.origins)
        wider = replace(default, origins=(*default.origins, *added))
        return replace(self, all=tuple(wider if site is default else site for site in self.all))

    def _by_key(self) -> dict[str, Site]:
        return {site.key: site for site in self.all}


def _differences(said: Json, usual: Json) -> Json:
    return {name: value for name, value in said.items() if value != usual[name]}
