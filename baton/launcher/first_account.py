"""The first agent of a new system, so that somebody can sign in to the console."""

import os
import time

from baton.launcher.data_dir import DataDir

#: Login of the first account: an admin who also takes conversations.
FIRST_LOGIN = "alex"


async def create_first_account(data: DataDir) -> tuple[str, str] | None:
    """Make the first account when there is none; return its login and its password, else None.

    The password is generated and returned once; the database keeps its hash.
    """
    from handoff_service.archive.account_store import count_accounts, create_account
    from handoff_service.archive.accounts import NewAccount, Role
    from handoff_service.archive.database import open_database
    from handoff_service.archive.passwords import generate_password

    database = await open_database(os.environ.get("BATON_SQL_URL", data.sql_url))
    try:
        if await count_accounts(database):
            return None
        password = generate_password()
        wanted = NewAccount(login=FIRST_LOGIN, name="Alex", role=Role.ADMIN)
        await create_account(database, wanted, password=password, now_ms=int(time.time() * 1000))
        return FIRST_LOGIN, password
    finally:
        await database.close()
