"""The action server: rasa-sdk's executor behind two aiohttp routes, on loopback."""

from __future__ import annotations

import logging

import orjson
from aiohttp import web
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionNotFoundException

from actions.action_answer import ActionAnswer
from actions.action_call_person import ActionCallPerson
from actions.action_request_handoff import ActionRequestHandoff
from actions.answering import error_answer
from actions.knowledge import Knowledge, KnowledgeMissing
from actions.notices import of_this_call, read_notices
from actions.suggesting import Suggester
from actions.validate_triage_form import ValidateTriageForm
from handoff_rules.rules import Rules

logger = logging.getLogger(__name__)

#: Largest call (bytes): a tracker of a few turns takes some ten kilobytes.
LARGEST_CALL = 4 * 1024 * 1024
EXECUTOR = web.AppKey("executor", ActionExecutor)
KNOWLEDGE = web.AppKey("knowledge", Knowledge)


def create_app(knowledge: Knowledge, rules: Rules, *, token: str = "") -> web.Application:
    """Return the server's application; it loads nothing before a question or health check.

    `token` opens `/passages`; without one nobody is suggested anything.
    """
    executor = ActionExecutor()
    for action in (
        ActionAnswer(knowledge, rules),
        ActionCallPerson(knowledge, rules),
        ActionRequestHandoff(),
        ValidateTriageForm(),
    ):
        executor.register_action(action)
    app = web.Application(client_max_size=LARGEST_CALL)
    app[EXECUTOR], app[KNOWLEDGE] = executor, knowledge
    app.router.add_post("/webhook", _run)
    app.router.add_get("/health", _health)
    app.router.add_post("/passages", Suggester(knowledge, token=token).suggest)
    return app


async def _run(request: web.Request) -> web.Response:
    call = await request.json(loads=orjson.loads)
    # rasa-sdk insists on a domain, which no action here reads and Rasa is told not to send.
    call["domain"] = {}
    request.app[KNOWLEDGE].offer_vectors(call.pop("vectors", None) or {})
    of_this_call.set(read_notices(call.pop("notices", None) or ()))
    try:
        result = await request.app[EXECUTOR].run(call)
    except KnowledgeMissing as error:
        return error_answer(503, "knowledge_missing", str(error))
    except ActionNotFoundException:
        return error_answer(
            404, "no_such_action", f"there is no action {call.get('next_action')!r}"
        )
    except Exception:
        logger.exception("action %s failed", call.get("next_action"))
        return error_answer(
            500, "action_failed", "the action failed; see the log of the action server"
        )
    if result is None:
        return error_answer(400, "bad_request", "next_action is missing")
    body = {"events": result.events, "responses": result.responses}
    return web.json_response(body=orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY))


async def _health(request: web.Request) -> web.Response:
    why = await request.app[KNOWLEDGE].why_not_ready()
    return web.json_response({"ok": why is None, "why": why or ""}, status=503 if why else 200)
