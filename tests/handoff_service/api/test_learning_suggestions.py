"""Maintainers decide what becomes of what agents' answers suggest."""

from handoff_service.archive.learning.suggestions import (
    Suggestion,
    add_suggestion,
    list_suggestions,
    mark_suggestions,
    replace_open,
    unmark_suggestions,
)


def suggestion(kind, title, **values):
    given = {"body": f"{title}, in short.", "turns": 3, "agents": 2, "language": "en"}
    sources = ({"conversation_id": "c_1", "seq": 4, "text": "As we say here."},)
    return Suggestion(kind=kind, title=title, sources=sources, **(given | values))


async def test_an_accepted_reply_is_one_that_agents_can_use(service):
    http = await service.signed_in(await service.account(login="max", role="maintainer"))
    csrf = {"X-CSRF-Token": http.csrf}
    database = service.parts.database
    found = await add_suggestion(database, suggestion("reply", "Cable", turns=9))
    other = await add_suggestion(database, suggestion("article", "Gift cards"))
    async with http.get("/api/learning/suggestions") as answer:
        listed = (await answer.json())["suggestions"]
    assert [each["title"] for each in listed] == ["Cable", "Gift cards"]
    assert listed[0]["sources"] == [{"conversation_id": "c_1", "seq": 4, "text": "As we say here."}]

    body = {"state": "accepted", "body": "Please use the other cable, {{customer.name}}."}
    path = f"/api/learning/suggestions/{found.suggestion_id}"
    async with http.put(path, json=body, headers=csrf) as answer:
        assert (answer.status, (await answer.json())["applied"]) == (200, "replies:2")
    async with http.put(path, json=body, headers=csrf) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == (409, "stale")
    replies = service.parts.settings_keeper.replies.now.replies
    name = f"learned-{found.suggestion_id[-8:]}"
    assert replies[name].texts == {"en": "Please use the other cable, {{customer.name}}."}
    assert len(replies) > 5  # those of the file are still there

    path = f"/api/learning/suggestions/{other.suggestion_id}"
    async with http.put(path, json={"state": "accepted", "title": "Cards"}, headers=csrf) as answer:
        assert ((await answer.json())["title"], answer.status) == ("Cards", 200)
    async with http.get("/api/learning/suggestions?kind=article&state=accepted") as answer:
        assert len((await answer.json())["suggestions"]) == 1


async def test_a_reply_that_cannot_be_used_is_refused_and_stays_open(service):
    http = await service.signed_in(await service.account(login="max", role="maintainer"))
    csrf = {"X-CSRF-Token": http.csrf}
    found = await add_suggestion(service.parts.database, suggestion("reply", "Cable"))
    path = f"/api/learning/suggestions/{found.suggestion_id}"

    async with http.put(path, json={"state": "accepted", "body": "{{no}}"}, headers=csrf) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == (400, "settings_invalid")
    async with http.put(path, json={"state": "applied"}, headers=csrf) as answer:
        assert answer.status == 400
    missing = "/api/learning/suggestions/s_none"
    async with http.put(missing, json={"state": "open"}, headers=csrf) as answer:
        assert answer.status == 404

    assert [each.state for each in await list_suggestions(service.parts.database)] == ["open"]


async def test_finding_again_spares_what_somebody_decided(service):
    database = service.parts.database
    await replace_open(database, [suggestion("article", "Old")])
    kept = await add_suggestion(database, suggestion("article", "Kept", state="accepted"))
    await replace_open(database, [suggestion("article", "New")])
    assert {each.title for each in await list_suggestions(database)} == {"New", "Kept"}

    await mark_suggestions(database, [kept.suggestion_id], applied="abc")
    assert [s.title for s in await list_suggestions(database, states=("applied",))] == ["Kept"]
    assert await unmark_suggestions(database, ["abc"]) == 1
    assert [s.title for s in await list_suggestions(database, states=("accepted",))] == ["Kept"]
