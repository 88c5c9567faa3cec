"""Maintainers see how a candidate does beside the live bot."""

from handoff_service.archive.learning import splits

COUNTED = {
    "at_ms": 99,
    "arms": [
        {
            "arm": arm,
            "release": release,
            "conversations": 80,
            "contained": contained,
            "csat_answers": 20,
            "csat_good": 15,
        }
        for arm, release, contained in (("live", "old", 60), ("candidate", "new", 20))
    ],
    "verdict": {
        "containment": {"difference": -0.5, "low": -0.9, "high": -0.1, "decided": "worse"},
        "csat": {"difference": 0.0, "low": -1.0, "high": 1.0, "decided": "none"},
    },
}


async def _show(http):
    async with http.get("/api/learning/split") as answer:
        assert answer.status == 200
        return await answer.json()


async def test_a_split_is_shown_from_the_wish_to_the_end(service):
    http = await service.signed_in(await service.account(login="max", role="maintainer"))
    database = service.parts.database

    never = await _show(http)
    await splits.ask_for_split(
        database,
        split_id="sp_1",
        candidate_id="ca_1",
        model="new.tar.gz",
        index_version=None,
        live_model="old.tar.gz",
        share=0.2,
        asked_by="max",
        now_ms=10,
    )
    starting = await _show(http)
    await splits.note_engine(database, "sp_1", url="http://127.0.0.1:9", problem="", from_ms=50)
    await splits.note_verdict(database, "sp_1", COUNTED)
    await splits.end_split(database, "sp_1", why="worse", actor="service", now_ms=100)
    ended = await _show(http)

    assert never == {"split": None, "at_ms": None, "arms": [], "verdict": None}
    assert (starting["split"]["state"], starting["verdict"]) == ("starting", None)
    assert ended["split"] == {
        "split_id": "sp_1",
        "candidate_id": "ca_1",
        "share": 0.2,
        "state": "stopped",
        "asked_by": "max",
        "asked_ms": 10,
        "started_ms": 50,
        "ended_ms": 100,
        "ended_why": "worse",
        "problem": "",
    }
    assert {name: ended[name] for name in COUNTED} == COUNTED


async def test_agents_do_not_see_it(service):
    http = await service.signed_in(await service.account(login="ann"))

    async with http.get("/api/learning/split") as answer:
        assert answer.status == 403
