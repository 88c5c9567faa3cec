"""Finds or makes the account of a person whom the provider vouches for."""

import re
from collections.abc import Sequence

from handoff_service.archive.account_store import update_account
from handoff_service.archive.accounts import Account, AccountChanges, NewAccount, Role
from handoff_service.archive.database import Database
from handoff_service.archive.errors import AccountInvalid, LastAdmin, LoginTaken
from handoff_service.archive.identities import (
    find_by_email,
    find_identity,
    is_known,
    join_by_identity,
    link_identity,
)
from handoff_service.oidc.errors import NotInvited
from handoff_service.oidc.provider import Person
from handoff_service.settings import Settings

#: From the weakest to the strongest, where several groups give one each.
STRENGTH = (Role.AGENT, Role.MAINTAINER, Role.SUPERVISOR, Role.ADMIN)


async def account_for(
    database: Database, person: Person, *, settings: Settings, now_ms: int
) -> Account:
    """Return the account of a person, with the role and the teams their groups give.

    Raises:
        NotInvited: no account here, and none may be made or linked; or one of another domain.
    """
    if settings.oidc_domains and _domain(person.email) not in settings.oidc_domains:
        raise NotInvited("an address of another domain")
    account = await find_identity(database, person.issuer, person.subject)
    if account is None:
        account = await _first_time(database, person, settings=settings, now_ms=now_ms)
    return await _as_groups_say(database, account, person, settings=settings, now_ms=now_ms)


def role_of(groups: Sequence[str], settings: Settings) -> Role | None:
    """Return the strongest role that groups give; None: they give none."""
    given = {role for group, role in (settings.oidc_roles or {}).items() if group in groups}
    return max(given, key=STRENGTH.index, default=None)


def teams_of(groups: Sequence[str], settings: Settings) -> tuple[str, ...] | None:
    """Return the teams of groups; None: teams are given in the console."""
    if not settings.oidc_teams:
        return None
    return tuple(sorted({team for group, team in settings.oidc_teams.items() if group in groups}))


async def _first_time(
    database: Database, person: Person, *, settings: Settings, now_ms: int
) -> Account:
    if await is_known(database, person.issuer, person.subject):
        raise NotInvited("the account is disabled")
    if settings.oidc_link and person.email:
        account = await find_by_email(database, person.email)
        if account is not None:
            await link_identity(
                database,
                account,
                issuer=person.issuer,
                subject=person.subject,
                now_ms=now_ms,
            )
            return account
    if not settings.oidc_join:
        raise NotInvited("no account")
    try:
        wanted = NewAccount(
            login=_login(person),
            name=person.name[:200] or person.email or person.subject[:200],
            role=role_of(person.groups, settings) or Role.AGENT,
            teams=teams_of(person.groups, settings) or (),
            email=person.email,
        )
        return await join_by_identity(
            database, wanted, issuer=person.issuer, subject=person.subject, now_ms=now_ms
        )
    except (AccountInvalid, LoginTaken) as error:
        raise NotInvited(str(error)) from error


async def _as_groups_say(
    database: Database, account: Account, person: Person, *, settings: Settings, now_ms: int
) -> Account:
    """Give the role and the teams of the groups, where the settings name any."""
    role = account.role
    if settings.oidc_roles:
        # Who has left every group falls back to the weakest role.
        role = role_of(person.groups, settings) or Role.AGENT
    teams = teams_of(person.groups, settings)
    changes = AccountChanges(
        role=role if role is not account.role else None,
        teams=teams if teams is not None and teams != account.teams else None,
    )
    if not changes.values():
        return account
    try:
        changed = await update_account(
            database, account.login, changes, now_ms=now_ms, actor=account.account_id
        )
    except LastAdmin:  # better one admin too many than none
        return account
    return changed or account


def _login(person: Person) -> str:
    """Return a login: the address, or what the provider knows them by."""
    return person.email or re.sub(r"[^a-z0-9._@+-]", "-", person.subject.lower()).strip("-._@+")


def _domain(email: str) -> str:
    return email.rpartition("@")[2]
