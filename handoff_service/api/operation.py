"""One operation of the HTTP API: its route and its description are both made from it."""

from dataclasses import dataclass

from handoff_service.access import Access, Handler
from handoff_service.archive.accounts import Role

JSON = "application/json"
FORM = "multipart/form-data"
BYTES = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    handler: Handler
    summary: str
    access: Access
    #: Whose accounts may call it, where an account is asked for; None: everybody's.
    roles: frozenset[Role] | None = None
    #: What is sent: a body, of JSON unless `takes` says otherwise, and a query.
    body: type | None = None
    takes: str = JSON
    query: type | None = None
    #: What comes back when all is well; None for what is no JSON object of a known shape.
    returns: type | None = None
    media: str = JSON
    #: Further kinds in which the same may come back, as the query wishes.
    other_media: tuple[str, ...] = ()
    status: int = 200
    #: Further statuses from 400 on, beside those that the access implies.
    refusals: tuple[int, ...] = ()
