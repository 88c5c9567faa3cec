"""A bot worker in a process of its own, so that a test can kill it."""

import asyncio
import os

import aiohttp

from handoff_service.bot.rasa import RasaClient
from handoff_service.bot.worker import BotWorker
from handoff_service.clock import SystemClock
from handoff_service.ids import new_worker_id
from handoff_service.settings import Settings
from handoff_service.store import open_store
from handoff_service.wording import Wording


async def main():
    settings = Settings.from_env(os.environ)
    async with await open_store(settings) as store, aiohttp.ClientSession() as session:
        rasa = RasaClient(session, url=settings.rasa_url, token=settings.rasa_token, timeout_s=60)
        await BotWorker(
            store,
            rasa,
            clock=SystemClock(),
            settings=settings,
            worker_id=new_worker_id(),
            wording=Wording.load(),
        ).run()


if __name__ == "__main__":
    asyncio.run(main())
