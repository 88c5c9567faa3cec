"""From the upload to the other side's screen, over a real service, on disk and in a bucket."""

import asyncio
import io

import aiohttp
import pytest
from moto.server import ThreadedMotoServer
from PIL import Image

from handoff_service.archive.attachments import of_conversation
from handoff_service.attachments.sweep import KEEP_MS, Sweep
from handoff_service.attachments.uploads import CUSTOMER
from handoff_service.clock import ManualClock
from handoff_service.tokens import CustomerToken, Purpose
from tests.handoff_service.attachments.samples import PDF, photo_of_a_place, picture
from tests.handoff_service.gateway.harness import reply

KEY = {"attachments_key_id": "key", "attachments_secret": "s" * 32}


@pytest.fixture(scope="module")
def bucket():
    """A bucket on a server of its own that speaks S3."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"s3://files/of/baton?endpoint=http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["disk", "s3"])
async def keeper(request, start_service):
    """A service that keeps files on disk, and one that keeps them in a bucket."""
    if request.param == "disk":
        return await start_service()
    url = request.getfixturevalue("bucket")
    service = await start_service(attachments_url=url, **KEY)
    client = service.parts.attachments._storage._client
    async with client.put("", b"") as made:
        assert made.status == 200
    return service


def form(content, name="a.png"):
    data = aiohttp.FormData(quote_fields=False)  # as browsers write names
    data.add_field("file", content, filename=name, content_type="text/html")
    return data


async def upload(service, page, content, name="a.png", *, status=201):
    http = await service.http()
    async with http.post(
        "/api/customer/attachments", data=form(content, name), headers=bearer(page)
    ) as answer:
        body = await answer.json()
        assert answer.status == status, body
    return body


async def agent_upload(tab, conversation_id, content, name, *, status=201):
    async with tab.http.post(
        "/api/attachments", params={"conversation_id": conversation_id},
        data=form(content, name), headers={"X-CSRF-Token": tab.http.csrf},
    ) as answer:  # fmt: skip
        body = await answer.json()
        assert answer.status == status, body
    return body


def bearer(page):
    return {"Authorization": f"Bearer {page.session['session_token']}"}


async def fetch(http, attachment_id, thumb=0, **more):
    async with http.get(
        f"/api/attachments/{attachment_id}", params={"thumb": thumb}, **more
    ) as answer:
        return answer.status, await answer.read(), answer.headers


async def handed_over(service):
    """A customer and the agent who holds their conversation."""
    tab = await service.agent(await service.account(login="ann"))
    page = await service.customer()
    await page.send("request_person", message_id="p1")
    offer = (await tab.until("offer"))["offer"]
    await tab.send("accept", conversation_id=page.id, epoch=offer["epoch"])
    tab.epoch = (await tab.until("conversation"))["summary"]["epoch"]
    return page, tab


async def test_both_sides_send_files_and_nobody_else_reads_them(keeper):
    page, tab = await handed_over(keeper)
    stranger = await keeper.customer()
    other = await keeper.signed_in(await keeper.account(login="bob"))

    shown = await upload(keeper, page, photo_of_a_place(), "../дом.jpg")
    await page.send("message", message_id="m1", text="", attachments=[shown["id"]])
    event = await tab.event("message.posted", message_id="m1")
    bill = await agent_upload(tab, page.id, PDF, "bill.pdf")
    await tab.send(
        "message", conversation_id=page.id, epoch=tab.epoch, message_id="a1",
        text="Here you are", attachments=[bill["id"]],
    )  # fmt: skip
    answer = await page.event("message.posted", message_id="a1")

    assert event["data"]["attachments"] == [shown]
    assert event["data"]["text"] == ""
    assert shown | {"id": "", "bytes": 0} == {
        "id": "", "name": "дом.jpg", "type": "image/jpeg", "bytes": 0, "width": 40, "height": 60,
    }  # fmt: skip
    assert answer["data"]["attachments"] == [bill]
    http = await keeper.http()
    for reader, more in ((tab.http, {}), (http, {"headers": bearer(page)})):
        status, content, headers = await fetch(reader, shown["id"], **more)
        assert status == 200
        assert len(content) == shown["bytes"]
        assert not dict(Image.open(io.BytesIO(content)).getexif())
        assert headers["Content-Disposition"].startswith('inline; filename="___.jpg"')
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"].endswith("sandbox")
        status, thumb, headers = await fetch(reader, shown["id"], thumb=1, **more)
        assert (status, headers["Content-Type"]) == (200, "image/webp")
        assert Image.open(io.BytesIO(thumb)).size == (40, 60)
        status, content, headers = await fetch(reader, bill["id"], **more)
        assert (status, content) == (200, PDF)
        assert headers["Content-Disposition"].startswith("attachment;")
        assert (await fetch(reader, bill["id"], thumb=1, **more))[0] == 404
    assert (await fetch(http, shown["id"], headers=bearer(stranger)))[0] == 404
    assert (await fetch(other, shown["id"]))[0] == 404
    assert (await fetch(http, shown["id"]))[0] == 401
    assert (await fetch(http, shown["id"], headers={"Authorization": "Bearer x"}))[0] == 401

    assert await keeper.parts.attachments.erase(page.id) == 2
    assert (await fetch(tab.http, shown["id"]))[0] == 404


async def test_a_lost_file_is_not_there(keeper):
    page = await keeper.customer()
    shown = await upload(keeper, page, PDF, "a.pdf")
    await keeper.parts.attachments._storage.delete(shown["id"])

    status, _, _ = await fetch(await keeper.http(), shown["id"], headers=bearer(page))

    assert status == 404


async def test_a_message_takes_only_its_writers_own_files_and_each_once(service):
    page, tab = await handed_over(service)
    stranger = await service.customer()
    mine = (await upload(service, page, PDF, "a.pdf"))["id"]
    theirs = (await upload(service, stranger, PDF, "b.pdf"))["id"]
    agents = (await agent_upload(tab, page.id, PDF, "c.pdf"))["id"]

    for number, wrong in enumerate(([theirs], [agents], ["f_none"], [mine, theirs])):
        await page.send("message", message_id=f"w{number}", text="x", attachments=wrong)
        assert (await page.until("error", message_id=f"w{number}"))["code"] == "attachment_gone"
    await page.send("message", message_id="m1", text="x", attachments=[mine])
    first = await page.until("ack", message_id="m1")
    await page.send("message", message_id="m1", text="x", attachments=[mine])
    again = await page.until("ack", message_id="m1")
    await page.send("message", message_id="m2", text="x", attachments=[mine])
    error = await page.until("error", message_id="m2")

    assert first["seq"] == again["seq"]
    assert error["code"] == "attachment_gone"


async def test_what_is_not_posted_yet_is_its_uploaders_alone(service):
    page, tab = await handed_over(service)
    shown = await upload(service, page, PDF, "a.pdf")

    assert (await fetch(tab.http, shown["id"]))[0] == 404
    assert (await fetch(await service.http(), shown["id"], headers=bearer(page)))[0] == 200


async def test_a_customer_reads_the_files_of_their_earlier_conversations(service):
    page, stranger = await service.customer(), await service.customer()
    shown = await upload(service, page, PDF, "a.pdf")
    await page.send("message", message_id="m1", text="x", attachments=[shown["id"]])
    ack = await page.until("ack", message_id="m1")
    await service.in_history(page.id, ack["seq"])

    def later(customer_id):
        token = CustomerToken(customer_id, "c_later", visit="v")
        parts = service.parts
        text = parts.signer.sign(token, Purpose.SESSION, now_ms=parts.clock.now_ms(), lifetime_s=60)
        return {"headers": {"Authorization": f"Bearer {text}"}}

    http = await service.http()
    assert (await fetch(http, shown["id"], **later(page.session["customer_id"])))[0] == 200
    assert (await fetch(http, shown["id"], **later(stranger.session["customer_id"])))[0] == 404


async def test_the_bot_says_that_it_cannot_look_into_files(service):
    page = await service.customer()
    shown = await upload(service, page, PDF, "a.pdf")

    await page.send("message", message_id="m1", text=" ", attachments=[shown["id"]])
    reply = await page.event("message.posted", author="bot")
    await page.send("message", message_id="m2", text="See the bill",
                    attachments=[(await upload(service, page, PDF, "b.pdf"))["id"]])  # fmt: skip
    await page.event("message.posted", message_id="m2")
    await page.event("message.posted", text="You said: See the bill")

    assert "cannot look inside files" in reply["data"]["text"]
    assert reply["data"]["buttons"][0]["payload"] == {"action": "request_person"}
    assert [turn["text"] for turn in service.bot.seen] == ["See the bill"]


async def test_words_beside_a_file_are_no_goodbye(service):
    chat = {"language": None, "intent": "goodbye", "messages": [reply("Bye!", kind="smalltalk")]}
    service.bot.answers["this is what I see"] = chat
    page = await service.customer()
    shown = await upload(service, page, PDF, "a.pdf")

    await page.send("message", message_id="m", text="this is what I see", attachments=[shown["id"]])
    said = await page.event("message.posted", author="bot")

    assert "cannot look inside files" in said["data"]["text"]


@pytest.mark.parametrize(
    ("content", "name", "status", "code"),
    [
        (b"<svg><script>1</script></svg>", "a.svg", 415, "attachment_kind"),
        (picture()[:60], "a.png", 415, "attachment_kind"),
        (b"x" * 1_000_001, "a.txt", 413, "attachment_too_large"),
        (b"", "a.txt", 415, "attachment_kind"),
    ],
)
async def test_what_is_not_taken_is_said(start_service, content, name, status, code):
    service = await start_service(attachment_max_mb=1)
    page = await service.customer()

    refused = await upload(service, page, content, name, status=status)

    assert refused["error"]["code"] == code
    assert await of_conversation(service.parts.database, page.id) == []


async def test_a_conversation_has_so_many_bytes_and_a_visitor_so_many_tries(start_service):
    service = await start_service(attachment_max_mb=2, attachment_conversation_mb=1)
    page = await service.customer()
    text = b"a line of a log\n" * 40_000  # 640 kB

    await upload(service, page, text, "a.log")
    full = await upload(service, page, text, "b.log", status=403)
    statuses = set()
    http = await service.http()
    for _ in range(20):
        async with http.post("/api/customer/attachments", headers=bearer(page)) as answer:
            statuses.add(answer.status)

    assert full["error"]["code"] == "attachments_full"
    assert statuses == {400, 429}


@pytest.mark.parametrize("whole", [True, False], ids=["no site", "this site"])
async def test_a_site_may_take_no_files(start_service, tmp_path, whole):
    sites = tmp_path / "widget.yml"
    sites.write_text("sites: {default: {origins: [], attachments: false}}")
    service = await start_service(**({"attachment_max_mb": 0} if whole else {"widget_file": sites}))
    page = await service.customer()

    refused = await upload(service, page, PDF, "a.pdf", status=403)

    assert refused["error"]["code"] == "attachments_off"
    assert "attachments" not in page.welcome


async def test_an_agent_uploads_only_where_they_may_write(service):
    page, tab = await handed_over(service)
    stranger = await service.customer()

    refused = await agent_upload(tab, stranger.id, PDF, "a.pdf", status=403)
    async with tab.http.post("/api/attachments", params={"conversation_id": page.id}) as answer:
        without_csrf = await answer.json()

    assert refused["error"]["code"] == "not_yours"
    assert without_csrf["error"]["code"] == "csrf_refused"


async def test_files_that_were_never_sent_go_after_a_day_and_sent_ones_stay(service):
    page = await service.customer()
    forgotten = await upload(service, page, picture(), "a.png")
    sent = await upload(service, page, PDF, "b.pdf")
    await page.send("message", message_id="m1", text="", attachments=[sent["id"]])
    await page.until("ack", message_id="m1")
    await page.event("message.posted", author="bot")
    parts = service.parts
    # The process died before it noted that the message is stored.
    await parts.attachments.claim(
        [sent["id"]], conversation_id=page.id, uploader=CUSTOMER, message_id="m1"
    )
    await parts.attachments.posted([sent["id"]], message_id="m1", seq=None)
    sweep = Sweep(
        parts.attachments, parts.store, parts.database,
        clock=ManualClock(parts.clock.now_ms() + KEEP_MS + 1_000),
    )  # fmt: skip

    assert await sweep.step() == 2
    assert await sweep.step() == 0

    http = await service.http()
    assert (await fetch(http, forgotten["id"], headers=bearer(page)))[0] == 404
    assert (await fetch(http, sent["id"], headers=bearer(page)))[0] == 200
    assert [row.seq is None for row in await of_conversation(parts.database, page.id)] == [False]


async def test_a_bucket_that_is_away_asks_for_patience(start_service):
    service = await start_service(attachments_url="s3://files?endpoint=http://127.0.0.1:9", **KEY)
    page = await service.customer()

    refused = await upload(service, page, PDF, "a.pdf", status=503)

    assert refused["error"]["code"] == "unavailable"
    await asyncio.sleep(0)
