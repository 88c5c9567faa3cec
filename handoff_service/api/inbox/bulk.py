"""Acts on many conversations at once, by who looks after the floor."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from handoff_service.access import CALLER
from handoff_service.agent_access import access_as_agent
from handoff_service.agent_frames import Prioritize, Tag
from handoff_service.api.bodies import answer, read_body
from handoff_service.api.inbox.bodies import BulkAnswer, BulkRequest
from handoff_service.archive.accounts import Account
from handoff_service.archive.audit import write_audit
from handoff_service.domain import ClosedBy, State
from handoff_service.errors import NoSuchConversation
from handoff_service.gateway.annotation_writes import write_annotation
from handoff_service.ids import new_id
from handoff_service.refusals import BadFrame, NotAllowed, Refusal
from handoff_service.services import SERVICES, Services
from handoff_service.store.results import CloseResult


async def act_on_many(request: web.Request) -> web.Response:
    """Tag, untag or prioritize conversations, or close messages that were left."""
    services, account = request.app[SERVICES], request[CALLER].account
    body = await read_body(request, BulkRequest)
    act = _act_of(services, account, body)
    ids = list(dict.fromkeys(body.conversation_ids))
    failed = [name for name in ids if not await _done(act, name)]
    async with services.database.session() as session:
        write_audit(
            session,
            actor=account.account_id,
            action=f"inbox.{body.act}",
            at_ms=services.clock.now_ms(),
            data={
                "tag": body.tag,
                "priority": body.priority,
                "conversation_ids": [name for name in ids if name not in failed],
            },
        )
    return answer(BulkAnswer(len(ids) - len(failed), failed))


async def _done(act: Callable[[str], Awaitable[None]], conversation_id: str) -> bool:
    try:
        await act(conversation_id)
    except (Refusal, NoSuchConversation):
        return False
    return True


def _act_of(
    services: Services, account: Account, body: BulkRequest
) -> Callable[[str], Awaitable[None]]:
    """Return what is done to each; raise BadFrame when it lacks its value."""
    mark = new_id("bulk")

    async def tag(conversation_id: str) -> None:
        add, remove = ((body.tag,), ()) if body.act == "tag" else ((), (body.tag,))
        frame = Tag(conversation_id=conversation_id, message_id=mark, add=add, remove=remove)
        await write_annotation(services, account, frame)

    async def prioritize(conversation_id: str) -> None:
        assert body.priority is not None  # noqa: S101 (looked at below)
        frame = Prioritize(conversation_id=conversation_id, message_id=mark, priority=body.priority)
        await write_annotation(services, account, frame)

    async def close_left(conversation_id: str) -> None:
        await access_as_agent(services, account, conversation_id)
        await _close_left(services, conversation_id)

    if body.act in {"tag", "untag"}:
        if not body.tag.strip():
            raise BadFrame(["tag"])
        return tag
    if body.act == "priority":
        if body.priority is None:
            raise BadFrame(["priority"])
        return prioritize
    return close_left


async def _close_left(services: Services, conversation_id: str) -> None:
    """Close a left message. Raises NotAllowed when it is none, or somebody has taken it up."""
    talk = await services.store.conversations.get(conversation_id)
    if talk.state is not State.MESSAGE_LEFT:
        raise NotAllowed
    outcome = await services.store.conversations.close(
        conversation_id,
        by=ClosedBy.AGENT,
        reason="left_message_settled",
        now_ms=services.clock.now_ms(),
        epoch=talk.epoch,  # it rises when somebody takes it up: then it stays theirs
    )
    if outcome.result not in {CloseResult.CLOSED, CloseResult.REPEATED}:
        raise NotAllowed
