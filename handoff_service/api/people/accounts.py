"""Accounts, for those who look after them: who there is, invite, change, bar, let in again."""

from dataclasses import replace
from typing import Any

from aiohttp import web
from sqlalchemy import func, or_, select

from handoff_service.access import CALLER
from handoff_service.addresses import client_address
from handoff_service.api.bodies import answer, read_body, read_values
from handoff_service.api.people.bodies import (
    AccountsAnswer,
    AccountsQuery,
    AccountView,
    ChangeRequest,
    InvitedAnswer,
    InviteRequest,
)
from handoff_service.api.people.letters import address_of_link, send_link
from handoff_service.api.people.telling import renew_at_desk, tell
from handoff_service.archive.account_store import (
    disable_account,
    enable_account,
    update_account,
)
from handoff_service.archive.accounts import AccountChanges, NewAccount, Role
from handoff_service.archive.identities import with_identity
from handoff_service.archive.invitations import Link, invite, make_link, open_links
from handoff_service.archive.models import AccountRow, AccountSessionRow
from handoff_service.archive.sessions import end_sessions
from handoff_service.floor import acts
from handoff_service.gateway.agent_writes import leave_the_floor
from handoff_service.refusals import NotAllowed, NotFound
from handoff_service.services import SERVICES, Services

#: What supervisors may change, of agents only.
SUPERVISED = frozenset({"teams", "skills", "capacity"})


async def list_accounts(request: web.Request) -> web.Response:
    """List accounts by login, those included that are barred or have not joined yet."""
    services = request.app[SERVICES]
    query = read_values(request.query, AccountsQuery)
    conditions = [AccountRow.login > query.after]
    if query.q:
        word = query.q.casefold()
        conditions.append(
            or_(
                AccountRow.login.contains(word, autoescape=True),
                func.lower(AccountRow.name).contains(word, autoescape=True),
                # SQLite folds the case of ASCII only.
                AccountRow.name.contains(query.q, autoescape=True),
                AccountRow.name.contains(query.q.capitalize(), autoescape=True),
                AccountRow.email.contains(word, autoescape=True),
            )
        )
    wanted = select(AccountRow).where(*conditions).order_by(AccountRow.login)
    async with services.database.session() as session:
        rows = list(await session.scalars(wanted.limit(query.limit + 1)))
    page = rows[: query.limit]
    after = page[-1].login if len(rows) > len(page) else None
    return answer(AccountsAnswer(await _views(services, page), after))


async def show_account(request: web.Request) -> web.Response:
    """Show one account."""
    services = request.app[SERVICES]
    return answer(await _view(services, request.match_info["account_id"]))


async def invite_account(request: web.Request) -> web.Response:
    """Make an account and the link by which its owner joins."""
    services = request.app[SERVICES]
    wanted = await read_body(request, InviteRequest)
    link = await invite(
        services.database,
        NewAccount(
            login=wanted.login.strip().lower(),
            name=wanted.name,
            role=Role(wanted.role),
            languages=tuple(wanted.languages),
            capacity=wanted.capacity,
            skills=wanted.skills,
            teams=tuple(wanted.teams),
            email=wanted.email.strip().lower(),
        ),
        now_ms=services.clock.now_ms(),
        **_by(request),
    )
    return await _invited(services, link, status=201)


async def renew_link(request: web.Request) -> web.Response:
    """Make a link to a new password, or the invitation again; the one before is over."""
    services = request.app[SERVICES]
    link = await make_link(
        services.database,
        request.match_info["account_id"],
        now_ms=services.clock.now_ms(),
        **_by(request),
    )
    if link is None:
        raise NotFound
    return await _invited(services, link, status=200)


async def change_account(request: web.Request) -> web.Response:
    """Change an account; the desk goes by it at once. Another role asks to sign in anew."""
    services, caller = request.app[SERVICES], request[CALLER].account
    wanted = await read_body(request, ChangeRequest)
    row = await _row(services, request.match_info["account_id"])
    changes = AccountChanges(
        name=wanted.name,
        role=Role(wanted.role) if wanted.role else None,
        languages=None if wanted.languages is None else tuple(wanted.languages),
        capacity=wanted.capacity,
        skills=wanted.skills,
        teams=None if wanted.teams is None else tuple(wanted.teams),
        email=None if wanted.email is None else wanted.email.strip().lower(),
    )
    if changes.role is not None and changes.role.value == row.role:
        changes = replace(changes, role=None)
    asked = changes.values().keys()
    if caller.role is not Role.ADMIN and (row.role != Role.AGENT or asked - SUPERVISED):
        raise NotAllowed
    if changes.role is not None and row.id == caller.account_id:
        raise NotAllowed  # nobody gives themselves a role
    changed = await update_account(
        services.database, row.login, changes, now_ms=services.clock.now_ms(), **_by(request)
    )
    if changed is None:
        raise NotFound
    if changes.role is not None:
        await end_sessions(
            services.database, row.id, now_ms=services.clock.now_ms(), **_by(request)
        )
    await renew_at_desk(services, changed)
    return answer(await _view(services, row.id))


async def bar_account(request: web.Request) -> web.Response:
    """Bar an account: it is signed out everywhere, what it holds goes back to the line."""
    services, caller = request.app[SERVICES], request[CALLER].account
    row = await _row(services, request.match_info["account_id"])
    if row.id == caller.account_id:
        raise NotAllowed  # a slip; somebody else may
    now_ms = services.clock.now_ms()
    if await disable_account(services.database, row.login, now_ms=now_ms, **_by(request)) is None:
        raise NotFound
    await tell(services, row.id)
    await leave_the_floor(services.store, row.id, reason="disabled", now_ms=now_ms)
    await acts.give_back_all(services, acts.Supervisor(caller, client_address(request)), row.id)
    return answer(await _view(services, row.id))


async def admit_account(request: web.Request) -> web.Response:
    """Let a barred account in again."""
    services, account_id = request.app[SERVICES], request.match_info["account_id"]
    now_ms = services.clock.now_ms()
    if not await enable_account(services.database, account_id, now_ms=now_ms, **_by(request)):
        raise NotFound
    return answer(await _view(services, account_id))


async def remove_factor(request: web.Request) -> web.Response:
    """Take somebody's second factor away: they have lost it."""
    services = request.app[SERVICES]
    row = await _row(services, request.match_info["account_id"])
    now_ms = services.clock.now_ms()
    if not await services.factors.remove(row.id, now_ms=now_ms, **_by(request)):
        raise NotFound
    return answer(await _view(services, row.id))


async def _invited(services: Services, link: Link, *, status: int) -> web.Response:
    problem = await send_link(services, link)
    return answer(
        InvitedAnswer(
            account=await _view(services, link.account.account_id),
            link=address_of_link(services, link),
            expires_ms=link.expires_ms,
            sent=not problem,
            problem=problem,
        ),
        status=status,
    )


async def _row(services: Services, account_id: str) -> AccountRow:
    async with services.database.session() as session:
        row = await session.get(AccountRow, account_id)
    if row is None:
        raise NotFound
    return row


async def _view(services: Services, account_id: str) -> AccountView:
    return (await _views(services, [await _row(services, account_id)]))[0]


async def _views(services: Services, rows: list[AccountRow]) -> list[AccountView]:
    now_ms, ids = services.clock.now_ms(), [row.id for row in rows]
    links = await open_links(services.database, now_ms=now_ms)
    factors, known = await services.factors.everybody(), await with_identity(services.database)
    of_session = AccountSessionRow
    used = (
        select(
            of_session.account_id,
            func.max(of_session.last_seen_ms),
            func.count().filter(of_session.revoked_ms.is_(None), of_session.expires_ms > now_ms),
        )
        .where(of_session.account_id.in_(ids))
        .group_by(of_session.account_id)
    )
    async with services.database.session() as session:
        seen = {row[0]: (row[1], row[2]) for row in await session.execute(used)}
    views = []
    for row in rows:
        last_seen_ms, sessions = seen.get(row.id, (None, 0))
        joined = row.password_hash or row.id in known
        views.append(
            AccountView(
                account_id=row.id,
                login=row.login,
                name=row.name,
                email=row.email,
                role=row.role,
                languages=list(row.languages),
                capacity=row.capacity,
                skills=dict(row.skills),
                teams=list(row.teams),
                state="disabled" if row.disabled_ms else "active" if joined else "invited",
                second_factor=row.id in factors,
                oidc=row.id in known,
                sessions=sessions,
                last_seen_ms=last_seen_ms,
                link_until_ms=links.get(row.id),
                created_ms=row.created_ms,
            )
        )
    return views


def _by(request: web.Request) -> dict[str, Any]:
    """Who does it, for the trail."""
    return {"actor": request[CALLER].account.account_id, "origin": client_address(request)}
