"""A dialogue engine for the browser tests: a real HTTP server that answers by what is said."""

import asyncio

from aiohttp import web

from tests.browser import articles

ARTICLE = {
    "article_id": "reset-password",
    "title": "Reset your password",
    "url": "/help/en/reset-password#forgot",
    "quote": "1. Open account.havelo.example and choose Forgot password.\n"
    "2. Enter your e-mail address.\n3. Open the link within 30 minutes.",
    "locale": "en",
    "updated": "2026-09-14",
}
#: How long an answer takes that is asked for slowly, seconds: time to look at who waits for it.
SLOW_S = 4
HOSTILE = (
    '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>\n'
    "[x](javascript:window.hacked=1) javascript:window.hacked=1 https://h\u0430velo.example/"
)


def create_bot() -> web.Application:
    """Return the server, with the paths that the service asks."""
    app = web.Application()
    app.router.add_post("/webhooks/baton/webhook", answer_turn)
    app.router.add_post("/webhooks/baton/forget", forget)
    app.router.add_post("/passages", find_passages)
    return app


async def forget(_request: web.Request) -> web.Response:
    """Delete a dialogue: there is none to delete."""
    return web.json_response({"ok": True})


async def find_passages(request: web.Request) -> web.Response:
    """Find passages for an agent, as the action server does."""
    asked = await request.json()
    found = [
        ARTICLE | {"passage_id": f"{number:024x}", "blocks": [], "confidence": 0.9 - number / 4}
        for number in range(asked["limit"])
    ]
    found[-1] |= {"article_id": "two-step", "title": "Two-step verification"}
    return web.json_response({"index_version": "v1", "passages": found})


async def answer_turn(request: web.Request) -> web.Response:
    """Answer one turn."""
    turn = await request.json()
    action = (turn["payload"] or {}).get("action")
    locale = turn["metadata"]["locale"]
    if "slowly" in turn["text"]:
        await asyncio.sleep(SLOW_S)
    replies = _clicked(action) if action else _said(turn["text"], language=locale)
    if "known" in turn["text"] and turn["notices"]:
        replies = [{"kind": "notice", "text": "known", "notice": turn["notices"][0]["id"]}]
    language = "ko" if any("가" <= char <= "힣" for char in turn["text"]) else None
    return web.json_response({"messages": replies, "language": language, "intent": "ask_password"})


def _said(text: str, *, language: str) -> list[dict[str, object]]:
    article_id, _, heading = text.partition(": ")
    if heading and article_id in articles.TITLES:
        heading, _, question = heading.partition("? ")
        return [articles.answer(article_id, heading, question or heading, language=language)]
    if "person" in text:
        return [_handoff()]
    if "markup" in text:
        return [{"kind": "smalltalk", "text": HOSTILE}]
    if "unclear" in text:
        return [
            {
                "kind": "clarify",
                "text": "What do you mean?",
                "buttons": [
                    {"title": "Password", "payload": {"action": "show_article"}},
                    {"title": "None of these", "payload": {"action": "none_of_these"}},
                ],
                "confidence": 0.41,
            }
        ]
    return [
        {
            "kind": "answer",
            "text": f"This article should help:\n\n{ARTICLE['quote']}",
            "sources": [ARTICLE],
            "buttons": [
                {"title": "That helped", "payload": {"action": "helped"}},
                {"title": "One more thing", "payload": {"action": "deny"}},
                {"title": "Talk to a person", "payload": {"action": "request_person"}},
            ],
            "confidence": 0.93,
        }
    ]


def _clicked(action: str) -> list[dict[str, object]]:
    if action == "request_person":
        return [_handoff()]
    return [{"kind": "smalltalk", "text": "Glad to hear it."}]


def _handoff() -> dict[str, object]:
    return {
        "kind": "handoff",
        "text": "",
        "handoff": {
            "reason": "technical_issue",
            "topic": "ask_firmware",
            "language": "en",
            "triage": [
                {"field": "product", "question": "Which product is it?", "answer": "Hub 2"},
                {"field": "since", "question": "Since when?", "answer": None},
            ],
            "tried": [
                {key: ARTICLE[key] for key in ("article_id", "title", "url")} | {"confidence": 0.52}
            ],
            "summary": "My hub keeps rebooting since the update, error E-417.",
        },
    }
