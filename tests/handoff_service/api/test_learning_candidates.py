"""Maintainers look at candidates, their reports, and what went live."""

from handoff_service.archive.learning import candidates as kept
from handoff_service.archive.learning.candidates import Candidate, Release

PAGE = "<!doctype html><style>h1 { color: red }</style><h1>Candidate</h1>"


def candidate(candidate_id, created_ms, **fields):
    return Candidate(
        **{
            "candidate_id": candidate_id,
            "created_ms": created_ms,
            "changed_ms": created_ms,
            "asked_by": "a_max",
            "branch": None,
            "revision": "",
            "base_model": "one.tar.gz",
            "model": "two.tar.gz",
            "base_index": "i1",
            "index_version": "i1",
            "state": "training",
            "reasons": [],
        }
        | fields
    )


async def test_candidates_reports_and_releases_are_shown(service):
    database = service.parts.database
    first = await kept.begin_candidate(database, candidate("c_one", 1), job_id="j_one")
    await kept.begin_candidate(database, candidate("c_two", 2), job_id="j_two")
    again = await kept.begin_candidate(database, candidate("c_three", 3), job_id="j_one")
    assert again == first, "a job that is done again goes on with its candidate"
    reasons = [{"code": "slower", "args": {"ratio": 2}, "text": "twice as slow"}]
    await kept.note_candidate(
        database, "c_one", now_ms=5, state="refused", reasons=reasons, report={"a": 1}, page=PAGE
    )
    http = await service.signed_in(await service.account(login="max", role="maintainer"))

    async with http.get("/api/learning/candidates") as answer:
        found = (await answer.json())["candidates"]
    assert [one["candidate_id"] for one in found] == ["c_two", "c_one"]
    assert (found[1]["state"], found[1]["reasons"]) == ("refused", reasons)
    async with http.get("/api/learning/candidates/c_one") as answer:
        assert await answer.json() == {"candidate_id": "c_one", "report": {"a": 1}}
    async with http.get("/api/learning/candidates/c_one/page") as answer:
        assert (answer.status, await answer.text()) == (200, PAGE)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "style-src 'sha256-" in policy
        assert "unsafe" not in policy
    for missing in ("c_two/page", "c_none", "c_none/page"):
        async with http.get(f"/api/learning/candidates/{missing}") as answer:
            assert answer.status == 404


async def test_what_went_live_and_was_taken_back_is_told_and_audited(service):
    database = service.parts.database
    for name, job in (("c_one", "j_one"), ("c_two", "j_two")):
        fields = {"state": "passed", "model": f"{name}.tar.gz"}
        await kept.begin_candidate(database, candidate(name, 1, **fields), job_id=job)

    async def carry_out(number, action, candidate_id, model, before, takes_back=""):
        release = Release(
            release_id=f"r_{number}",
            at_ms=number,
            actor="a_max",
            action=action,
            state="begun",
            candidate_id=candidate_id,
            model=f"{model}.tar.gz",
            index_version="i1",
            before_model=f"{before}.tar.gz",
            before_index="i1",
            takes_back=takes_back,
        )
        await kept.begin_release(database, release)
        await kept.end_release(database, release, state="done", now_ms=number)
        return {one.candidate_id: one.state for one in await kept.list_candidates(database)}

    assert await carry_out(1, "promote", "c_one", "c_one", "old") == {
        "c_one": "live",
        "c_two": "passed",
    }
    assert await carry_out(2, "promote", "c_two", "c_two", "c_one") == {
        "c_one": "retired",
        "c_two": "live",
    }
    assert kept.to_take_back(await kept.list_releases(database)).release_id == "r_2"
    assert await carry_out(3, "rollback", "c_two", "c_one", "c_two", "r_2") == {
        "c_one": "live",
        "c_two": "retired",
    }
    assert kept.to_take_back(await kept.list_releases(database)).release_id == "r_1"

    http = await service.signed_in(await service.account(login="max", role="maintainer"))
    async with http.get("/api/learning/releases") as answer:
        releases = (await answer.json())["releases"]
    assert [(one["action"], one["state"]) for one in releases] == [
        ("rollback", "done"), ("promote", "done"), ("promote", "done"),
    ]  # fmt: skip
    ann = await service.signed_in(await service.account(login="ann"))
    async with ann.get("/api/learning/releases") as answer:
        assert answer.status == 403
