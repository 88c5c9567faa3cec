"""Images are decoded in a process of their own and written anew, pixels only."""

import io

import pytest
from PIL import Image, ImageSequence

from handoff_service.attachments.images import ImageCleaner
from handoff_service.refusals import AttachmentKind
from tests.handoff_service.attachments.samples import (
    bomb_png,
    film,
    gif_that_is_a_script,
    photo_of_a_place,
    picture,
)


async def clean(tmp_path, content):
    source = tmp_path / "source"
    source.write_bytes(content)
    target, thumb = tmp_path / "target", tmp_path / "thumb"
    image = await ImageCleaner().clean(source, target, thumb)
    return image, target.read_bytes(), thumb.read_bytes()


async def test_a_photo_loses_its_place_and_stands_upright(tmp_path):
    before = photo_of_a_place()
    assert b"PhoneMaker" in before
    assert b"my secret" in before

    image, after, thumb = await clean(tmp_path, before)

    for written in (after, thumb):
        shown = Image.open(io.BytesIO(written))
        assert dict(shown.getexif()) == {}
        assert shown.size == (40, 60)
        red, white = (
            shown.convert("RGB").getpixel((20, 10)),
            shown.convert("RGB").getpixel((20, 50)),
        )
        assert red[0] > 200 > 100 > red[1]
        assert min(white) > 200
    assert (image.kind.name, image.width, image.height) == ("jpg", 40, 60)
    assert b"PhoneMaker" not in after
    assert b"my secret" not in after


def duration_of(frame):
    frame.load()
    return frame.info["duration"]


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
async def test_a_film_goes_on_moving(tmp_path, kind):
    image, after, _ = await clean(tmp_path, film(kind))

    shown = Image.open(io.BytesIO(after))
    assert shown.format == kind
    assert [duration_of(frame) for frame in ImageSequence.Iterator(shown)] == [70, 70, 70]
    assert (image.width, image.height) == (20, 20)


async def test_a_gif_that_is_a_script_is_no_script_any_more(tmp_path):
    _, after, _ = await clean(tmp_path, gif_that_is_a_script())

    assert after.startswith(b"GIF8")
    assert not after.startswith(b"GIF89a/*")
    assert b"alert" not in after


async def test_a_large_image_becomes_a_usual_one_with_a_small_one_beside(tmp_path):
    image, after, thumb = await clean(tmp_path, picture("JPEG", size=(6000, 3000)))

    assert (image.width, image.height) == (4096, 2048)
    assert Image.open(io.BytesIO(after)).size == (4096, 2048)
    assert Image.open(io.BytesIO(thumb)).size == (512, 256)


async def test_what_is_clear_stays_clear(tmp_path):
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (1, 2, 3, 0)).save(out, "PNG")

    _, after, thumb = await clean(tmp_path, out.getvalue())

    assert Image.open(io.BytesIO(after)).getpixel((0, 0))[3] == 0
    assert Image.open(io.BytesIO(thumb)).convert("RGBA").getpixel((0, 0))[3] == 0


@pytest.mark.parametrize(
    "content",
    [
        bomb_png(),
        picture("PNG", size=(300, 300))[:200],
        b"\x89PNG\r\n\x1a\n" + b"nothing",
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        picture("TIFF"),
    ],
    ids=["bomb", "cut", "no image", "program", "other kind"],
)
async def test_what_cannot_be_decoded_in_bounds_is_refused(tmp_path, content):
    with pytest.raises(AttachmentKind):
        await clean(tmp_path, content)
