"""The logos of the sites, as other people's browsers get them."""

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>top.location = "/"</script></svg>'


async def test_a_logo_is_a_picture_and_nothing_else(start_service, tmp_path):
    (tmp_path / "mark.svg").write_bytes(SVG)
    file = tmp_path / "widget.yml"
    file.write_text("sites: {shop: {logo: mark.svg}, plain: {}}")
    service = await start_service(widget_file=file)
    http = await service.http()

    answer = await http.get("/site/shop/logo")

    assert (answer.status, await answer.read()) == (200, SVG)
    assert answer.content_type == "image/svg+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for key in ("plain", "nowhere"):
        assert (await http.get(f"/site/{key}/logo")).status == 404
