"""The areas of settings: what each begins with, how it is read, and who may change it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Generic, Self, TypeVar

import yaml

from handoff_service import hours_file, proactive_file, routing_file, sites_file
from handoff_service.archive.accounts import Role
from handoff_service.domain import Json
from handoff_service.hours import Hours
from handoff_service.live_settings.desk_rules import DeskRules, desk_rules_of
from handoff_service.live_settings.documents import nodes_of, read_document
from handoff_service.proactive import FirstWords
from handoff_service.replies import file as replies_file
from handoff_service.replies.catalogue import Replies
from handoff_service.routing.needs import RoutingRules
from handoff_service.settings import Settings
from handoff_service.sites import Sites

T = TypeVar("T")

_ADMINS = frozenset({Role.ADMIN})
_SUPERVISORS = frozenset({Role.SUPERVISOR, Role.ADMIN})

#: What a document says that says the same as no file at all, where that is not nothing.
ALWAYS_OPEN: Json = {"teams": {"everybody": {"zone": "UTC", "hours": {"mon-sun": "00:00-24:00"}}}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Area(Generic[T]):
    """One of them; `T` is what its document is read as."""

    name: str
    #: Reads the nodes of a document; raises Unusable.
    read: Callable[[yaml.Node | None], T]
    #: What stands until somebody saves: a document, and the YAML it was written as, if it was.
    first: tuple[Json, str]
    #: Who may change it.
    roles: frozenset[Role]

    def parse(self, document: Json) -> T:
        """Read a document. Raises Unusable, Unreadable."""
        return self.read(nodes_of(document))


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """Every area, by the name that API, command line and pages know it by."""

    hours: Area[Hours]
    routing: Area[RoutingRules]
    sites: Area[Sites]
    proactive: Area[FirstWords]
    desk: Area[DeskRules]
    replies: Area[Replies]

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Read the files that the settings name; runs in a thread.

        Raises:
            HoursError, RoutingError, SitesError, ProactiveError, RepliesError: a file cannot be
                used.
        """
        hours_file.find_hours(settings.hours_file)
        routing_file.find_routing(settings.routing_file)
        sites_file.find_sites(settings.widget_file)
        proactive_file.find_first_words(settings.proactive_file)
        replies_file.find_replies(settings.replies_file)
        return cls(
            hours=Area(
                name="hours",
                read=hours_file.hours_of,
                first=_first(settings.hours_file, hours_file.PROJECT_FILE, ALWAYS_OPEN),
                roles=_SUPERVISORS,
            ),
            routing=Area(
                name="routing",
                read=routing_file.routing_of,
                first=_first(settings.routing_file, routing_file.PROJECT_FILE),
                roles=_ADMINS,
            ),
            sites=Area(
                name="sites",
                read=_sites_of(settings),
                first=_first(settings.widget_file, sites_file.PROJECT_FILE),
                roles=_ADMINS,
            ),
            proactive=Area(
                name="proactive",
                read=proactive_file.first_words_of,
                first=_first(settings.proactive_file, proactive_file.PROJECT_FILE),
                roles=_ADMINS,
            ),
            desk=Area(name="desk", read=desk_rules_of(settings), first=({}, ""), roles=_ADMINS),
            replies=Area(
                name="replies",
                read=replies_file.replies_of,
                first=_first(settings.replies_file, replies_file.PROJECT_FILE),
                roles=_SUPERVISORS,
            ),
        )

    def __iter__(self) -> Iterator[Area[object]]:
        """Yield each, in the order in which they are shown."""
        return iter([getattr(self, each.name) for each in fields(self)])

    def find(self, name: str) -> Area[object] | None:
        """Return the area of a name; None: there is none."""
        return next((area for area in self if area.name == name), None)


def _sites_of(settings: Settings) -> Callable[[yaml.Node | None], Sites]:
    folder = (settings.widget_file or sites_file.PROJECT_FILE).parent

    def read(root: yaml.Node | None) -> Sites:
        sites = sites_file.sites_of(root, folder=folder)
        return sites.with_origins(settings.allowed_origins)

    return read


def _first(chosen: Path | None, usual: Path, otherwise: Json | None = None) -> tuple[Json, str]:
    """Return the document of a file that was found to be right, else `otherwise`."""
    path = chosen or usual
    if not path.exists():
        return otherwise or {}, ""
    text = path.read_text("utf-8")
    return read_document(text, name=str(path)) or otherwise or {}, text
