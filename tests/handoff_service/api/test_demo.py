"""The demo: there when it is wished, its customers signed, its drafts read as the file would be."""

import json
import re

import pytest

from handoff_service.identity import IdentityReader

SECRET = "k" * 40
DRAFT = 'sites:\n  shop:\n    colour: "#ffdd00"\n    name: "Say <b>hi</b>"\n    position: start\n'
PAGES = ["/demo", "/demo/product/hub-2", "/demo/cart", "/demo/configure", "/demo/demo.js"]


@pytest.mark.parametrize("path", [*PAGES, "/demo/people", "/demo/people/mina"])
async def test_without_a_wish_for_it_there_is_no_demo(start_service, path):
    http = await (await start_service(demo=False, identity_secret=SECRET)).http()

    assert (await http.get(path)).status == 404
    home = await http.get("/", allow_redirects=False)
    assert home.headers["Location"] == "/console"


@pytest.mark.parametrize("path", PAGES)
async def test_the_demo_has_its_pages(service, path):
    assert (await (await service.http()).get(path)).status == 200


async def test_a_customer_of_the_demo_is_signed_as_a_shop_would(start_service):
    service = await start_service(identity_secret=SECRET)
    http = await service.http()

    listed = await (await http.get("/demo/people")).json()
    answer = await (await http.get("/demo/people/mina")).json()

    identity = IdentityReader(SECRET).read(answer["token"], now_ms=service.parts.clock.now_ms())
    assert {"who": "mina", "name": "Mina Park"} in listed["people"]
    assert (identity.customer_id, identity.name) == ("demo-mina", "Mina Park")
    assert identity.flags == ("vip",)
    assert (await http.get("/demo/people/nobody")).status == 404


async def test_without_a_secret_nobody_can_be_signed_in(service):
    http = await service.http()

    assert (await (await http.get("/demo/people")).json()) == {"people": []}
    assert (await http.get("/demo/people/mina")).status == 403


async def test_a_draft_is_read_as_the_file_would_be(service):
    http = await service.http()

    well = await (await http.post("/demo/site", data=DRAFT)).json()
    wrong = await (await http.post("/demo/site", data="sites:\n  a: {theme: pink}\n")).json()
    deep = await (await http.post("/demo/site", data="[" * 5000)).json()
    long = await http.post("/demo/site", data="#" * 21_000)

    assert well["problems"] == []
    assert well["light"]["brand"] == "#ffdd00"
    assert well["light"]["on"] == "#000000"
    assert well["light"]["unchanged"] < 4.5 <= well["light"]["on_grounds"]
    assert well["dark"]["text"] == "#ffdd00"
    assert wrong["problems"] == ["2: 'pink' is unknown; expected system, light, dark"]
    assert deep["problems"]
    assert long.status == 413


async def test_only_the_preview_of_the_demo_is_shown_a_draft(start_service):
    service = await start_service()
    http, own = await service.http(), service.settings.public_url
    asked = {"params": {"site": DRAFT}}

    async def name(**more):
        page = await (await http.get("/widget/frame", **asked, **more)).text()
        block = re.search(r'<script type="?application/json"? id="?site"?>(.*?)</script>', page)[1]
        return json.loads(block).get("name")

    assert await name(headers={"Referer": f"{own}/demo/preview"}) == "Say <b>hi</b>"
    for referer in ("", "https://evil.example/demo/preview", f"{own}/demo", f"{own}/help/en/"):
        assert await name(headers={"Referer": referer}) is None
    loader = await http.get(
        "/widget/loader.js", **asked, headers={"Referer": f"{own}/demo/preview"}
    )
    assert '"position":"start"' in await loader.text()
