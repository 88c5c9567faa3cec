"""The page behind a link: who it is for, and the password that they choose."""

from aiohttp import web

from handoff_service.access import refuse_other_origins
from handoff_service.addresses import client_address
from handoff_service.api.bodies import answer, read_body
from handoff_service.api.people.bodies import JoinRequest, LinkAnswer, LinkRequest
from handoff_service.api.people.telling import renew_at_desk
from handoff_service.api.signing_in import first_step_done
from handoff_service.archive.accounts import AccountChanges
from handoff_service.archive.invitations import INVITE, find_link, use_link
from handoff_service.refusals import PasswordOff
from handoff_service.services import SERVICES


async def look_at_link(request: web.Request) -> web.Response:
    """Say whose link it is; the token travels in the body: addresses get logged."""
    services = request.app[SERVICES]
    refuse_other_origins(request)
    now_ms = services.clock.now_ms()
    services.limits.address.take(client_address(request), now_ms=now_ms)
    wanted = await read_body(request, LinkRequest)
    link = await find_link(services.database, wanted.token, now_ms=now_ms)
    return answer(
        LinkAnswer(
            kind="invite" if link.kind == INVITE else "reset",
            login=link.account.login,
            name=link.account.name,
            languages=list(link.account.languages),
            expires_ms=link.expires_ms,
            min_password_chars=services.password_rules.min_chars,
        )
    )


async def join(request: web.Request) -> web.Response:
    """Choose a password; whoever does is signed in, or asked for the second factor."""
    services = request.app[SERVICES]
    refuse_other_origins(request)
    if not services.settings.password_sign_in:
        raise PasswordOff
    now_ms = services.clock.now_ms()
    services.limits.address.take(client_address(request), now_ms=now_ms)
    typed = await read_body(request, JoinRequest)
    link = await find_link(services.database, typed.token, now_ms=now_ms)
    joins = link.kind == INVITE
    account = await use_link(
        services.database,
        typed.token,
        password=typed.password,
        changes=AccountChanges(
            name=(typed.name or None) if joins else None,
            languages=(tuple(typed.languages) or None) if joins else None,
        ),
        rules=services.password_rules,
        now_ms=now_ms,
        origin=client_address(request),
    )
    await renew_at_desk(services, account)
    factor = await services.factors.of(account.account_id)
    return await first_step_done(
        request, account, has_factor=factor.set_ms is not None, how="invitation"
    )
