"""What loader and frame are told of the site that their address names, and who may show it."""

import json
import re

import pytest

FILE = """\
sites:
  default: {}
  shop: {origins: ["https://*.shop.example"], name: "A <b>shop</b>", colour: "#c00"}
  other: {origins: [https://other.example], position: start}
"""


@pytest.fixture
async def http(start_service, tmp_path):
    """A service with three sites."""
    file = tmp_path / "widget.yml"
    file.write_text(FILE)
    service = await start_service(widget_file=file, allowed_origins=("https://main.example",))
    return await service.http()


@pytest.mark.parametrize(
    ("query", "origins"),
    [
        ("", "'self' https://main.example"),
        ("?site=default", "'self' https://main.example"),
        ("?site=shop", "'self' https://*.shop.example"),
        ("?site=other", "'self' https://other.example"),
        ("?site=nobody", "'self' https://main.example"),
    ],
)
async def test_only_the_sites_own_origins_may_show_it(http, query, origins):
    answer = await http.get(f"/widget/frame{query}")

    assert f"frame-ancestors {origins}" in answer.headers["Content-Security-Policy"]


async def test_the_frame_knows_its_site_and_no_name_ends_the_data_block(http):
    page = await (await http.get("/widget/frame?site=shop&theme=dark")).text()

    block = re.search(r'<script type="?application/json"? id="?site"?>(.*?)</script>', page)[1]
    assert "<b>" not in block
    told = json.loads(block)
    assert (told["site"], told["name"], told["theme"]) == ("shop", "A <b>shop</b>", "dark")
    assert told["colours"]["--on-brand"] == "light-dark(#ffffff,#ffffff)"
    assert "origins" not in told


async def test_the_loader_knows_its_site(http):
    usual = await (await http.get("/widget/loader.js")).text()
    shop = await (await http.get("/widget/loader.js?site=shop")).text()
    wished = await (await http.get("/widget/loader.js?site=other&colour=%23fd0")).text()

    assert "#cc0000" in shop
    assert "shop.example" not in shop
    assert "#cc0000" not in usual
    assert '"#ffdd00","#000000"' in wished
    assert '"position":"start"' in wished
