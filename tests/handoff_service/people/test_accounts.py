"""Accounts: invited, changed, barred; links that serve once; who may do what."""

import asyncio

import pytest
from sqlalchemy import text

from handoff_service.archive.errors import ArchiveUnavailable
from handoff_service.archive.invitations import LINK_MS, find_link
from handoff_service.refusals import LinkGone
from tests.handoff_service.people.people import Person, post, token_of

PASSPHRASE = "seven brown herons wait"


async def join(service, link, **more):
    http = await service.http()
    joined = await post(http, "/api/welcome", token=token_of(link), password=PASSPHRASE, **more)
    http.csrf = joined["csrf_token"]
    return Person(service, http, joined["agent"]), joined


async def test_somebody_is_invited_joins_and_is_signed_in(service, admin):
    invited = await admin.ask(
        "POST", "/api/accounts",
        {"login": "Olga@shop.example", "name": "Olga", "teams": ["billing"], "skills": {"vip": 3}},
        201,
    )  # fmt: skip
    assert (invited["account"]["state"], invited["sent"], invited["problem"]) == (
        "invited", False, "mail_off",
    )  # fmt: skip
    http = await service.http()
    shown = await post(http, "/api/welcome/link", token=token_of(invited["link"]))
    assert (shown["kind"], shown["login"]) == ("invite", "olga@shop.example")

    olga, joined = await join(service, invited["link"], name="Ольга", languages=["ru"])

    assert joined["step"] == "done"
    assert joined["agent"]["name"] == "Ольга"
    assert joined["agent"]["languages"] == ["ru"]
    assert joined["agent"]["teams"] == ["billing"]
    assert (await olga.ask("GET", "/api/me"))["agent"]["agent_id"] == invited["account"][
        "account_id"
    ]
    again = await post(http, "/api/welcome/link", 404, token=token_of(invited["link"]))
    assert again["error"]["code"] == "link_gone"
    listed = await admin.ask("GET", "/api/accounts?q=ольга")
    assert [view["state"] for view in listed["accounts"]] == ["active"]
    trail = await admin.ask("GET", "/api/audit?action=account")
    assert {"account.invited", "account.joined"} <= {line["action"] for line in trail["lines"]}


async def test_of_two_who_open_one_link_one_joins(service, admin):
    invited = await admin.ask("POST", "/api/accounts", {"login": "li", "name": "Li"}, 201)
    browsers = [await service.http() for _ in range(3)]

    answers = await asyncio.gather(
        *(
            http.post(
                "/api/welcome",
                json={"token": token_of(invited["link"]), "password": PASSPHRASE},
            )
            for http in browsers
        )
    )

    assert sorted(answer.status for answer in answers) == [200, 404, 404]


async def test_a_password_that_would_be_guessed_leaves_the_link_usable(service, admin):
    invited = await admin.ask("POST", "/api/accounts", {"login": "heron", "name": "Heron"}, 201)
    http, token = await service.http(), token_of(invited["link"])

    for password, reason in {
        "short": "too_short", "password1234": "breached", "heron-heron-42": "like_login",
        "aaabbbaaabbb": "repeats",
    }.items():  # fmt: skip
        refused = await post(http, "/api/welcome", 400, token=token, password=password)
        assert refused["error"]["code"] == "password_refused"
        assert refused["error"]["fields"] == ["password", reason]

    assert (await join(service, invited["link"]))[1]["step"] == "done"


async def test_a_new_link_replaces_the_one_before_and_both_end_after_seven_days(service, admin):
    first = await admin.ask("POST", "/api/accounts", {"login": "kim", "name": "Kim"}, 201)
    second = await admin.ask("POST", f"/api/accounts/{first['account']['account_id']}/link")
    database, now_ms = service.parts.database, service.parts.clock.now_ms()

    with pytest.raises(LinkGone):
        await find_link(database, token_of(first["link"]), now_ms=now_ms)
    link = await find_link(database, token_of(second["link"]), now_ms=now_ms)
    assert link.kind == "invite"
    with pytest.raises(LinkGone):
        await find_link(database, token_of(second["link"]), now_ms=now_ms + LINK_MS + 1000)


async def test_a_reset_ends_what_was_open_and_the_old_password(service, admin, person):
    jo = await person(service)
    link = (await admin.ask("POST", f"/api/accounts/{jo.id}/link"))["link"]

    await join(service, link, name="Somebody else")

    assert await jo.refused("GET", "/api/me", status=401) == "not_signed_in"
    http = await service.http()
    old = await http.post("/api/login", json={"login": "jo", "password": jo.account["password"]})
    assert old.status == 401
    new = await post(http, "/api/login", login="jo", password=PASSPHRASE)
    assert new["agent"]["name"] == "Jo"  # a link to a new password changes nothing else


async def test_a_change_holds_at_the_desk_at_once(service, admin, person):
    jo = await person(service)
    tab = await service.agent(jo.account, jo.http)

    await admin.ask(
        "PUT", f"/api/accounts/{jo.id}",
        {"capacity": 9, "languages": ["ko"], "teams": ["vip"], "skills": {"tax": 2}},
    )  # fmt: skip

    agent = await service.parts.store.agents.get(jo.id)
    assert (agent.capacity, agent.languages, agent.teams) == (9, ("ko",), ("vip",))
    assert (dict(agent.skills), agent.presence.value) == ({"tax": 2}, "online")
    await tab.drain()  # the tab stays


async def test_a_barred_person_is_out_at_once_and_can_be_let_in_again(service, admin, person):
    jo = await person(service)
    tab = await service.agent(jo.account, jo.http)

    barred = await admin.ask("POST", f"/api/accounts/{jo.id}/disable")

    assert (barred["state"], barred["sessions"]) == ("disabled", 0)
    await tab.closed()
    assert await jo.refused("GET", "/api/me", status=401) == "not_signed_in"
    assert (await admin.ask("POST", f"/api/accounts/{jo.id}/enable"))["state"] == "active"
    await service.signed_in(jo.account)


async def test_supervisors_change_how_agents_work_and_nothing_else(service, admin, person):
    sue, jo = await person(service, "sue", role="supervisor"), await person(service)

    changed = await sue.ask("PUT", f"/api/accounts/{jo.id}", {"teams": ["night"], "capacity": 2})

    assert (changed["teams"], changed["capacity"]) == (["night"], 2)
    for body in ({"role": "admin"}, {"name": "X"}, {"email": "x@shop.example"}):
        assert await sue.refused("PUT", f"/api/accounts/{jo.id}", body) == "not_allowed"
    for other in (sue, admin):
        assert (
            await sue.refused("PUT", f"/api/accounts/{other.id}", {"capacity": 1}) == "not_allowed"
        )
    assert await sue.refused("POST", "/api/accounts", {"login": "n", "name": "N"}) == "not_allowed"
    assert await sue.refused("GET", "/api/audit") == "not_allowed"
    assert await jo.refused("GET", "/api/accounts") == "not_allowed"


async def test_nobody_changes_their_own_role_and_the_last_admin_stays(service, admin, person):
    for body in ({"role": "agent"}, {"role": "supervisor"}):
        assert await admin.refused("PUT", f"/api/accounts/{admin.id}", body) == "not_allowed"
    assert await admin.refused("POST", f"/api/accounts/{admin.id}/disable") == "not_allowed"
    # Somebody invited manages nothing before they join.
    await admin.ask("POST", "/api/accounts", {"login": "eve", "name": "E", "role": "admin"}, 201)
    operator = {"Authorization": f"Bearer {service.settings.internal_secret}"}
    last = await admin.http.delete("/internal/accounts/root", headers=operator)
    assert (last.status, (await last.json())["error"]["code"]) == (409, "last_admin")

    two = await person(service, "two", role="admin")
    await asyncio.gather(
        admin.http.put(
            f"/api/accounts/{two.id}", json={"role": "agent"},
            headers={"X-CSRF-Token": admin.http.csrf},
        ),
        two.http.put(
            f"/api/accounts/{admin.id}", json={"role": "agent"},
            headers={"X-CSRF-Token": two.http.csrf},
        ),
    )  # fmt: skip

    async with service.parts.database.session() as session:
        left = await session.scalar(
            text("SELECT count(*) FROM accounts WHERE role = 'admin' AND password_hash <> ''")
        )
    assert left == 1


async def test_sessions_are_listed_and_ended_and_their_sockets_close(service, admin, person):
    jo = await person(service)
    other = Person(service, await service.signed_in(jo.account), jo.account)
    tab = await service.agent(jo.account, other.http)

    found = (await jo.ask("GET", "/api/me/sessions"))["sessions"]
    assert [line["here"] for line in found].count(True) == 1
    assert all(line["browser"] and line["address"] for line in found)
    there = next(line["id"] for line in found if not line["here"])
    assert await admin.refused("DELETE", f"/api/me/sessions/{there}", status=404) == "not_found"
    await jo.ask("DELETE", f"/api/me/sessions/{there}")

    await tab.closed()
    assert await other.refused("GET", "/api/me", status=401) == "not_signed_in"
    assert (await admin.ask("DELETE", f"/api/accounts/{jo.id}/sessions"))["ended"] == 1
    assert await jo.refused("GET", "/api/me", status=401) == "not_signed_in"


async def test_a_changed_password_needs_the_old_one_and_ends_the_other_sessions(service, person):
    jo = await person(service)
    other = Person(service, await service.signed_in(jo.account), jo.account)
    wrong = {"current": "not this", "new": PASSPHRASE}
    assert await jo.refused("PUT", "/api/me/password", wrong, 403) == "wrong_password"

    right = {"current": jo.account["password"], "new": PASSPHRASE}
    assert (await jo.ask("PUT", "/api/me/password", right))["ended"] == 1

    await jo.ask("GET", "/api/me")
    assert await other.refused("GET", "/api/me", status=401) == "not_signed_in"
    await service.signed_in({"login": "jo", "password": PASSPHRASE})


async def test_the_trail_is_paged_filtered_exported_and_cannot_be_changed(service, admin, person):
    jo = await person(service, name="=Jo()")
    for capacity in (1, 2, 3):
        await admin.ask("PUT", f"/api/accounts/{jo.id}", {"capacity": capacity})

    query = f"/api/audit?action=account.updated&actor={admin.id}&subject={jo.id}&limit=2"
    first = await admin.ask("GET", query)
    rest = await admin.ask("GET", f"{query}&after={first['after']}")
    lines = first["lines"] + rest["lines"]
    assert [line["data"]["after"]["capacity"] for line in lines] == [3, 2, 1]
    assert {(line["actor_name"], line["subject_name"]) for line in lines} == {("Root", "=Jo()")}
    assert rest["after"] is None
    assert await admin.refused("GET", "/api/audit?after=x", status=400) == "bad_frame"
    sheet = await admin.http.get("/api/audit.csv?action=account.updated")
    assert sheet.content_type == "text/csv"
    told = (await sheet.text()).splitlines()
    assert len(told) == 4
    assert "'=Jo()" in told[1]  # no formula for a spreadsheet
    for change in ("UPDATE audit SET actor = 'nobody'", "DELETE FROM audit"):
        with pytest.raises((ArchiveUnavailable, Exception), match=r"append-only|IntegrityError"):
            async with service.parts.database.session() as session:
                await session.execute(text(change))
