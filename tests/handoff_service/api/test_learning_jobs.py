"""Maintainers ask for long work, watch it and take it back."""

from handoff_service.archive.learning import jobs


async def test_a_maintainer_asks_watches_and_cancels(service):
    max_ = await service.account(login="max", role="maintainer")
    tab = await service.agent(max_, online=False)
    http = tab.http
    csrf = {"X-CSRF-Token": http.csrf}
    await tab.send("watch", topics=["learning"])
    await tab.until("changed", topic="learning")

    async with http.post("/api/learning/jobs", json={"kind": "discover"}, headers=csrf) as answer:
        assert answer.status == 201
        job = await answer.json()
    assert (job["state"], job["asked_by"]) == ("queued", max_["agent_id"])
    await tab.until("changed", topic="learning")
    # Another process begins it and says so in the history.
    now_ms = job["asked_ms"] + 5
    database = service.parts.database
    await jobs.begin_job(database, job["job_id"], now_ms=now_ms)
    await jobs.note_progress(
        database, job["job_id"], step="grouping", share=0.25, line="", now_ms=now_ms + 1
    )
    await tab.until("changed", topic="learning")
    async with http.get("/api/learning/jobs") as answer:
        body = await answer.json()
    assert body["worker"] == {"seen_ms": None}
    assert (body["jobs"][0]["step"], body["jobs"][0]["share"]) == ("grouping", 0.25)

    async with http.delete(f"/api/learning/jobs/{job['job_id']}", headers=csrf) as answer:
        assert answer.status == 200
    assert not await jobs.note_progress(
        database, job["job_id"], step="x", share=None, line="", now_ms=now_ms + 2
    )


async def test_what_cannot_be_done_is_refused(service):
    http = await service.signed_in(await service.account(login="max", role="maintainer"))
    csrf = {"X-CSRF-Token": http.csrf}
    async with http.post("/api/learning/jobs", json={"kind": "unlearn"}, headers=csrf) as answer:
        assert (answer.status, (await answer.json())["error"]["fields"]) == (400, ["kind"])
    async with http.delete("/api/learning/jobs/j_none", headers=csrf) as answer:
        assert answer.status == 404


async def test_only_who_teaches_may_watch(service):
    ann = await service.agent(await service.account(login="ann"))

    await ann.send("watch", topics=["learning"])

    assert (await ann.until("error"))["code"] == "not_allowed"


async def test_one_look_shows_what_waits_and_what_goes_on(service):
    http = await service.signed_in(await service.account(login="max", role="maintainer"))
    headers = {"X-CSRF-Token": http.csrf}
    async with http.post("/api/learning/jobs", json={"kind": "preview"}, headers=headers) as answer:
        job = await answer.json()
    database = service.parts.database

    async with http.get("/api/learning/summary") as answer:
        idle = await answer.json()
    await jobs.begin_job(database, job["job_id"], now_ms=job["asked_ms"])
    async with http.get("/api/learning/summary") as answer:
        busy = await answer.json()

    assert idle == {
        "open_groups": 0,
        "topics": 0,
        "suggestions": 0,
        "pending": {"examples": 0, "drafts": 0, "questions": 0},
        "running": None,
        "last_candidate": None,
        "split": None,
    }
    assert busy["running"]["job_id"] == job["job_id"]
