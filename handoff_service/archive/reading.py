"""Who may read a conversation, as a condition on its row; `access.may_read` says it of one."""

from sqlalchemy import ColumnElement, or_, select, true

from handoff_service.archive.accounts import Account
from handoff_service.archive.database import Database
from handoff_service.archive.models import ConversationRow
from handoff_service.archive.tables.inbox import PersonRow
from handoff_service.domain import State

#: Whoever comes next may be anybody, so anybody may look first.
OPEN_TO_ALL = frozenset({State.WAITING, State.OFFERED, State.MESSAGE_LEFT})


def readable_by(account: Account) -> ColumnElement[bool]:
    """Return the condition under which an account may read a row of `conversations`."""
    if account.role.sees_all:
        return true()
    row = ConversationRow
    known = select(PersonRow.conversation_id).where(PersonRow.agent_id == account.account_id)
    ways = [row.state.in_([state.value for state in OPEN_TO_ALL]), row.id.in_(known)]
    if account.teams:
        ways.append(row.team.in_(account.teams))
    return or_(*ways)


async def is_known_to(database: Database, conversation_id: str, account_id: str) -> bool:
    """Whether somebody held a conversation or was named in it. Raises ArchiveUnavailable."""
    statement = (
        select(PersonRow.at_ms)
        .where(PersonRow.conversation_id == conversation_id, PersonRow.agent_id == account_id)
        .limit(1)
    )
    async with database.session() as session:
        return await session.scalar(statement) is not None
