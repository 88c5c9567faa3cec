"""Files as people send them, and as those send them who mean harm."""

import io
import struct
import zipfile
import zlib

from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
#: A place on a map, as a phone writes it beside its photo.
GPS = {1: "N", 2: (37.0, 33.0, 58.0), 3: "E", 4: (126.0, 58.0, 40.0)}


def picture(kind="PNG", size=(40, 30), colour="teal", **how):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **how)
    return out.getvalue()


def photo_of_a_place():
    """A JPEG lying on its side that says where it was taken, by which camera, and a word."""
    image = Image.new("RGB", (60, 40), "white")
    image.paste("red", (0, 0, 30, 40))
    exif = image.getexif()
    exif[0x0112] = 6  # to be turned by 90° clockwise
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825).update(GPS)
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"my secret", quality=95)
    return out.getvalue()


def film(kind="GIF", frames=3):
    pictures = [Image.new("RGB", (20, 20), (90 * number, 0, 0)) for number in range(frames)]
    out = io.BytesIO()
    pictures[0].save(out, kind, save_all=True, append_images=pictures[1:], duration=70, loop=0)
    return out.getvalue()


def gif_that_is_a_script():
    """Both a GIF and a JavaScript: its logical width reads as the opening of a comment."""
    gif = picture("GIF")
    return b"GIF89a/*" + gif[8:] + b"*/=1;alert(document.domain)//"


def bomb_png(side=30_000):
    """A few hundred kilobytes that would be gigabytes of pixels."""

    def chunk(name, data):
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def archive(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def office(main="word/document.xml", **more):
    return archive(**{"[Content_Types].xml": "<Types/>", main: "<document/>", **more})
