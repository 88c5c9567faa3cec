"""What agents' answers suggest: shown, put in other words, accepted and dismissed."""

import re
from dataclasses import asdict, dataclass, field
from typing import Annotated, Any, Literal

from aiohttp import web
from pydantic import Field, StringConstraints

from handoff_service.access import CALLER, Access
from handoff_service.addresses import client_address
from handoff_service.api.bodies import answer, read_body, read_values
from handoff_service.api.learning.roles import TEACHING
from handoff_service.api.operation import Operation
from handoff_service.api.replies.reading import reply_document
from handoff_service.api.replies.shared import put_entry
from handoff_service.api.settings.saving import newest
from handoff_service.archive.learning.suggestions import (
    AlreadyApplied,
    NoSuchSuggestion,
    Suggestion,
    change_suggestion,
    find_suggestion,
    list_suggestions,
)
from handoff_service.archive.notices import Actor
from handoff_service.refusals import BadFrame, NotFound, Stale
from handoff_service.replies.file import LONGEST_TEXT, LONGEST_TITLE
from handoff_service.services import SERVICES, Services

Kind = Literal["article", "reply", "contradiction"]
State = Literal["open", "accepted", "dismissed"]


@dataclass(frozen=True, slots=True)
class LearnedSuggestionsQuery:
    """Which suggestions."""

    kind: Kind | None = None
    state: Literal["open", "accepted", "dismissed", "applied"] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 200


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """One suggestion."""

    suggestion_id: str
    kind: str
    language: str
    title: str
    #: Of a contradiction: what agents wrote.
    body: str
    #: Conversations in which it was written, and agents who wrote it.
    turns: int
    agents: int
    #: The nearest article or reply, and of a contradiction what differs; {}: nothing is near.
    near: dict[str, Any]
    #: Where it was written: conversation_id, seq, text.
    sources: list[dict[str, Any]]
    #: What customers had asked there.
    questions: list[str]
    #: open, accepted, dismissed or applied.
    state: str
    found_ms: int
    edited_by: str
    edited_ms: int
    #: What holds it: a commit, a backup, a version of the replies; null: nothing yet.
    applied: str | None


@dataclass(frozen=True, slots=True)
class LearnedSuggestionsAnswer:
    """Suggestions, those of most conversations first."""

    suggestions: list[SuggestionView] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SuggestionBody:
    """What becomes of one; words that are not sent stay."""

    state: State
    title: Annotated[str, StringConstraints(max_length=LONGEST_TITLE)] | None = None
    body: Annotated[str, StringConstraints(max_length=20_000)] | None = None


async def show_suggestions(request: web.Request) -> web.Response:
    """List suggestions."""
    wanted = read_values(request.query, LearnedSuggestionsQuery)
    found = await list_suggestions(
        request.app[SERVICES].database,
        kind=wanted.kind,
        states=(wanted.state,) if wanted.state else (),
        limit=wanted.limit,
    )
    return answer(LearnedSuggestionsAnswer([_view(suggestion) for suggestion in found]))


async def decide_suggestion(request: web.Request) -> web.Response:
    """Accept, dismiss or reopen a suggestion; an accepted reply is one at once."""
    services = request.app[SERVICES]
    suggestion_id = request.match_info["suggestion_id"]
    wanted = await read_body(request, SuggestionBody)
    actor = Actor(request[CALLER].account.account_id, client_address(request))
    try:
        suggestion = await find_suggestion(services.database, suggestion_id)
        if suggestion.state == "applied":
            raise Stale
        applied = None
        if suggestion.kind == "reply" and wanted.state == "accepted":
            applied = await _save_reply(services, suggestion, wanted, actor=actor)
        changed = await change_suggestion(
            services.database,
            suggestion_id,
            state=wanted.state,
            title=wanted.title and wanted.title.strip(),
            body=wanted.body and wanted.body.strip(),
            applied=applied,
            actor=actor.name,
            origin=actor.origin,
            now_ms=services.clock.now_ms(),
        )
    except NoSuchSuggestion:
        raise NotFound from None
    except AlreadyApplied:
        raise Stale from None
    services.watching.note_learning()
    return answer(_view(changed))


async def _save_reply(
    services: Services, suggestion: Suggestion, wanted: SuggestionBody, *, actor: Actor
) -> str:
    """Add the reply to those of the desk; doing it again changes nothing. Returns the version."""
    title = (wanted.title or suggestion.title).strip()
    body = (wanted.body or suggestion.body).strip()
    if len(body) > LONGEST_TEXT:
        raise BadFrame(["body"])
    document = reply_document(title=title[:LONGEST_TITLE], texts={suggestion.language: body})
    area = services.settings_keeper.areas.replies
    name = "learned-" + re.sub("[^a-z0-9]", "", suggestion.suggestion_id.casefold())[-8:]
    base = (await newest(services, area)).version
    saved = await put_entry(services, "replies", name, document, base=base, actor=actor)
    return f"replies:{saved.version}"


def _view(suggestion: Suggestion) -> SuggestionView:
    values = asdict(suggestion)
    del values["vector"]
    values["sources"], values["questions"] = list(suggestion.sources), list(suggestion.questions)
    return SuggestionView(**values)


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/api/learning/suggestions",
        handler=show_suggestions,
        summary="List articles and replies that agents' answers suggest, and contradictions.",
        access=Access.SIGNED_IN,
        roles=TEACHING,
        query=LearnedSuggestionsQuery,
        returns=LearnedSuggestionsAnswer,
        refusals=(400, 403, 503),
    ),
    Operation(
        method="PUT",
        path="/api/learning/suggestions/{suggestion_id}",
        handler=decide_suggestion,
        summary="Accept, dismiss or reopen a suggestion, in other words if wished.",
        access=Access.SIGNED_IN_CSRF,
        roles=TEACHING,
        body=SuggestionBody,
        returns=SuggestionView,
        refusals=(400, 403, 404, 409, 503),
    ),
)
