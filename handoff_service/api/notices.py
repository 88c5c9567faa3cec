"""Notices of known problems, published by supervisors and by `baton notice`."""

from aiohttp import web

from handoff_service.access import CALLER
from handoff_service.addresses import client_address
from handoff_service.api.bodies import answer, read_body
from handoff_service.api.schemas import NoticeRequest, NoticesAnswer, NoticeView
from handoff_service.archive.notices import (
    Actor,
    change_notice,
    list_notices,
    publish_notice,
    withdraw_notice,
)
from handoff_service.notices import NewNotice, Notice
from handoff_service.refusals import NotFound
from handoff_service.services import SERVICES, Services


async def show_notices(request: web.Request) -> web.Response:
    """List the notices, those that are over included."""
    services = request.app[SERVICES]
    notices = await list_notices(services.database)
    now_ms = services.clock.now_ms()
    return answer(NoticesAnswer([_view(notice, now_ms=now_ms) for notice in notices]))


async def publish(request: web.Request) -> web.Response:
    """Publish a notice: every open widget shows it at once."""
    services, actor = request.app[SERVICES], _actor(request)
    wanted, now_ms = await read_body(request, NoticeRequest), services.clock.now_ms()
    notice = await publish_notice(
        services.database, _new(wanted, from_ms=now_ms), actor=actor, now_ms=now_ms
    )
    return await _spread(services, notice, status=201)


async def change(request: web.Request) -> web.Response:
    """Put a notice in other words; customers who have read it see it anew."""
    services, actor = request.app[SERVICES], _actor(request)
    wanted, now_ms = await read_body(request, NoticeRequest), services.clock.now_ms()
    notice = await change_notice(
        services.database,
        request.match_info["notice_id"],
        _new(wanted, from_ms=0),
        actor=actor,
        now_ms=now_ms,
    )
    return await _spread(services, notice)


async def withdraw(request: web.Request) -> web.Response:
    """Take a notice back: it leaves every open widget at once."""
    services, actor = request.app[SERVICES], _actor(request)
    notice = await withdraw_notice(
        services.database,
        request.match_info["notice_id"],
        actor=actor,
        now_ms=services.clock.now_ms(),
    )
    return await _spread(services, notice)


async def _spread(services: Services, notice: Notice | None, *, status: int = 200) -> web.Response:
    if notice is None:
        raise NotFound
    await services.notices.spread()
    return answer(_view(notice, now_ms=services.clock.now_ms()), status=status)


def _actor(request: web.Request) -> Actor:
    """Return who asks; without a session it is the operator."""
    caller = request.get(CALLER)
    if caller is None:
        return Actor("operator", client_address(request))
    return Actor(caller.account.account_id, client_address(request))


def _new(wanted: NoticeRequest, *, from_ms: int) -> NewNotice:
    """Read what is wanted; `from_ms`: where it does not say. Raises NoticeInvalid."""
    return NewNotice.from_texts(
        {locale: {"title": said.title, "text": said.text} for locale, said in wanted.texts.items()},
        questions=tuple(text.strip() for text in wanted.questions if text.strip()),
        url=wanted.url.strip(),
        from_ms=from_ms if wanted.from_ms is None else wanted.from_ms,
        until_ms=wanted.until_ms,
    )


def _view(notice: Notice, *, now_ms: int) -> NoticeView:
    return NoticeView(
        id=notice.notice_id,
        version=notice.version,
        texts={
            locale: {"title": said.title, "text": said.text}
            for locale, said in notice.words.items()
        },
        questions=list(notice.questions),
        url=notice.url,
        from_ms=notice.from_ms,
        until_ms=notice.until_ms,
        author=notice.author,
        published_ms=notice.published_ms,
        withdrawn_ms=notice.withdrawn_ms,
        stands=notice.stands(now_ms),
    )
