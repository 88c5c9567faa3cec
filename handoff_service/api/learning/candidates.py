"""Models that might serve: listed, with their reports; and what went live and was taken back."""

import base64
import hashlib
import re
from dataclasses import asdict, dataclass
from typing import Any

from aiohttp import web

from handoff_service.access import Access
from handoff_service.api.bodies import answer
from handoff_service.api.learning.roles import TEACHING
from handoff_service.api.operation import Operation
from handoff_service.archive.learning import candidates as kept
from handoff_service.refusals import NotFound
from handoff_service.services import SERVICES

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CandidateView:
    """A model that might serve; models and indexes are named as in `release` of events."""

    candidate_id: str
    created_ms: int
    changed_ms: int
    asked_by: str
    #: null: the project's folder as it was.
    branch: str | None
    revision: str
    base_model: str
    model: str
    base_index: str
    index_version: str
    #: training, judging, passed, refused, live, retired or failed.
    state: str
    #: Why it was refused or failed: {"code", "text"} and mostly "args".
    reasons: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class CandidatesAnswer:
    """Candidates, the latest first."""

    candidates: list[CandidateView]


@dataclass(frozen=True, slots=True)
class ReportAnswer:
    """What was measured of a candidate."""

    candidate_id: str
    #: {} while it is trained and judged.
    report: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """A change of what serves."""

    release_id: str
    at_ms: int
    actor: str
    #: promote or rollback.
    action: str
    #: begun, done or undone.
    state: str
    candidate_id: str
    model: str
    index_version: str
    before_model: str
    before_index: str
    takes_back: str
    note: str
    overruled: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ReleasesAnswer:
    """What went live and was taken back, the latest first."""

    releases: list[ReleaseView]


async def list_candidates(request: web.Request) -> web.Response:
    """List candidates."""
    found = await kept.list_candidates(request.app[SERVICES].database)
    return answer(CandidatesAnswer([CandidateView(**asdict(one)) for one in found]))


async def show_candidate(request: web.Request) -> web.Response:
    """Show what was measured of one."""
    candidate_id = request.match_info["candidate_id"]
    try:
        report = await kept.read_report(request.app[SERVICES].database, candidate_id)
    except kept.NoSuchCandidate:
        raise NotFound from None
    return answer(ReportAnswer(candidate_id, report))


async def show_page(request: web.Request) -> web.Response:
    """Show the report as a page of its own: its style by hash, no script, nothing loaded."""
    candidate_id = request.match_info["candidate_id"]
    try:
        page = await kept.read_page(request.app[SERVICES].database, candidate_id)
    except kept.NoSuchCandidate:
        raise NotFound from None
    if not page:
        raise NotFound
    return web.Response(
        text=page,
        content_type="text/html",
        headers={"Content-Security-Policy": _policy(page), "Cache-Control": "no-store"},
    )


async def list_releases(request: web.Request) -> web.Response:
    """List what went live and was taken back."""
    found = await kept.list_releases(request.app[SERVICES].database)
    views = [ReleaseView(**asdict(one) | {"overruled": list(one.overruled)}) for one in found]
    return answer(ReleasesAnswer(views))


def _policy(page: str) -> str:
    hashes = (hashlib.sha256(style.encode()).digest() for style in _STYLE.findall(page))
    styles = [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in hashes]
    return (
        f"default-src 'none'; style-src {' '.join(styles)}; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'"
    )


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/api/learning/candidates",
        handler=list_candidates,
        summary="List models that might serve.",
        access=Access.SIGNED_IN,
        roles=TEACHING,
        returns=CandidatesAnswer,
        refusals=(403, 503),
    ),
    Operation(
        method="GET",
        path="/api/learning/candidates/{candidate_id}",
        handler=show_candidate,
        summary="Show what was measured of a candidate.",
        access=Access.SIGNED_IN,
        roles=TEACHING,
        returns=ReportAnswer,
        refusals=(403, 404, 503),
    ),
    Operation(
        method="GET",
        path="/api/learning/candidates/{candidate_id}/page",
        handler=show_page,
        summary="Show the report on a candidate as a page.",
        access=Access.SIGNED_IN,
        roles=TEACHING,
        media="text/html",
        refusals=(403, 404, 503),
    ),
    Operation(
        method="GET",
        path="/api/learning/releases",
        handler=list_releases,
        summary="List what went live and was taken back.",
        access=Access.SIGNED_IN,
        roles=TEACHING,
        returns=ReleasesAnswer,
        refusals=(403, 503),
    ),
)
