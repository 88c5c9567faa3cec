"""Where changes go, and what they would be there."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from learning.jobs.tools import BadArguments
from learning.writing.accepted import Accepted
from learning.writing.git import BRANCHES, Checkout, find_checkout
from learning.writing.plan import Plan, make_plan


@dataclass(frozen=True, slots=True)
class Place:
    """A checkout with the branch that the work begins at, or a plain folder."""

    checkout: Checkout | None  #: None: a plain folder
    base: str = ""  #: a branch of ours, or HEAD; "" of a plain folder

    @property
    def folder(self) -> str:
        """Say which of both it is: git or plain."""
        return "plain" if self.checkout is None else "git"


def find_place(root: Path, onto: str | None) -> Place:
    """Return where what is accepted goes to; `onto` names a branch of ours or HEAD.

    Raises:
        BadArguments: `onto` of a plain folder, or no branch of ours.
        GitRefused: git's words.
    """
    checkout = find_checkout(root)
    if checkout is None:
        if onto:
            raise BadArguments(f"onto: {root} is no git checkout; leave it out")
        return Place(None)
    if onto and onto not in {"HEAD", *checkout.unmerged()}:
        raise BadArguments(
            f"onto: {onto!r} is no branch `{BRANCHES}…` that waits to be merged; name one, or HEAD"
        )
    return Place(checkout, onto or checkout.base())


def plan_at(root: Path, place: Place, accepted: Accepted, *, today: str) -> Plan:
    """Return what would change: of a checkout what is committed counts, not what is being edited.

    Raises:
        NotWritten: a training file cannot be read.
        GitRefused: git's words.
    """
    if place.checkout is None:
        return make_plan(root, accepted, today=today)
    with tempfile.TemporaryDirectory(prefix="baton-writing-") as folder:
        place.checkout.extract(place.base, Path(folder))
        return make_plan(Path(folder), accepted, today=today)
