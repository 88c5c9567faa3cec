"""People of the console, as their browsers see it."""

import re

import pyotp


class Person:
    """Somebody signed in, by their browser."""

    def __init__(self, service, http, account):
        self.service, self.http, self.id = service, http, account["agent_id"]
        self.account = account

    async def ask(self, method, path, body=None, status=200):
        headers = {} if method == "GET" else {"X-CSRF-Token": self.http.csrf}
        async with self.http.request(method, path, json=body, headers=headers) as answer:
            assert answer.status == status, (answer.status, await answer.text())
            return await answer.json() if answer.content_type == "application/json" else None

    async def refused(self, method, path, body=None, status=403):
        return (await self.ask(method, path, body, status))["error"]["code"]


def token_of(link):
    return re.fullmatch(r"http://.*/console#/welcome/([\w-]{43})", link)[1]


async def post(http, path, status=200, **body):
    async with http.post(path, json=body) as answer:
        assert answer.status == status, (answer.status, await answer.text())
        return await answer.json()


def code_at(secret, now_ms, *, steps=0):
    return pyotp.TOTP(secret).generate_otp(now_ms // 30_000 + steps)
