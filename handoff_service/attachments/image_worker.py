"""Decodes one image and writes it anew, with a thumbnail; run as a process of its own.

    python image_worker.py SOURCE TARGET THUMBNAIL

Prints {"kind", "width", "height"} on success; exit code 1 when the image cannot be used. What a
file says beside its pixels (place, camera, comments, a second file behind it) is not written.
Imports nothing of ours: it starts quickly, and whatever a hostile file does to a decoder happens
here, with little memory and time and nothing to lose.
"""

import io
import json
import resource
import sys
import warnings
from contextlib import suppress
from pathlib import Path

from PIL import Image, ImageCms, ImageOps, ImageSequence

#: More pixels than phones take; decoded they are four bytes each.
MAX_PIXELS = 50_000_000
#: Pixels of all frames of an animation together, and frames.
MAX_MOVING_PIXELS = 40_000_000
MAX_FRAMES = 300
#: The longest side of what is kept, in pixels: a screen and a printed page have fewer.
MAX_SIDE = 4096
THUMB_SIDE = 512
#: What the process may take: bytes of address space, seconds of processor time.
MEMORY_BYTES = 1536 * 1024 * 1024
CPU_S = 20
#: What is read, by Pillow's name, and our name; MPO is the JPEG of a phone with two lenses.
FORMATS = {"PNG": "png", "JPEG": "jpg", "MPO": "jpg", "WEBP": "webp", "GIF": "gif"}
WRITTEN = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP", "gif": "GIF"}
QUALITY = {"jpg": {"quality": 88}, "webp": {"quality": 88}}


def main(source: str, target: str, thumbnail: str) -> int:
    """Write the image anew; return the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    Image.init()  # WebP is not among the formats that are known at once
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        written = clean(Path(source), Path(target), Path(thumbnail))
    except Exception as error:  # noqa: BLE001 (decoders raise anything; each means the same here)
        print(type(error).__name__, file=sys.stderr)  # noqa: T201 (the parent's log)
        return 1
    print(json.dumps(written))  # noqa: T201 (the answer)
    return 0


def clean(source: Path, target: Path, thumbnail: Path) -> dict[str, object]:
    """Write `source` anew to `target`, upright and at most MAX_SIDE long, and a thumbnail of it.

    Raises whatever Pillow raises on a file that is broken or too large.
    """
    with Image.open(source, formats=tuple(WRITTEN.values())) as image:
        kind = FORMATS[image.format or ""]
        frames = getattr(image, "n_frames", 1) if kind in {"gif", "webp"} else 1
        if frames > 1:
            size = _write_moving(image, target, kind, frames)
            image.seek(0)
            still = _plain(image)
        else:
            image.draft("RGB", (MAX_SIDE, MAX_SIDE))
            still = _plain(ImageOps.exif_transpose(image))
            still.thumbnail((MAX_SIDE, MAX_SIDE))
            if kind == "jpg":
                still = _opaque(still)
            still.save(target, WRITTEN[kind], **QUALITY.get(kind, {}))
            size = still.size
    still.thumbnail((THUMB_SIDE, THUMB_SIDE))
    still.save(thumbnail, "WEBP", quality=80)
    return {"kind": kind, "width": size[0], "height": size[1]}


def _plain(image: Image.Image) -> Image.Image:
    """Return the pixels alone, in the colours of the web."""
    profile = image.info.get("icc_profile")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    pixels = image.convert(mode)
    if profile and image.mode in {"RGB", "RGBA"}:
        with suppress(ImageCms.PyCMSError, OSError):  # a broken profile says nothing
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            web = ImageCms.createProfile("sRGB")
            pixels = ImageCms.profileToProfile(pixels, source, web) or pixels
    pixels.info.clear()
    return pixels


def _opaque(image: Image.Image) -> Image.Image:
    return image.convert("RGB")


def _write_moving(image: Image.Image, target: Path, kind: str, frames: int) -> tuple[int, int]:
    if frames > MAX_FRAMES or frames * image.width * image.height > MAX_MOVING_PIXELS:
        raise ValueError("too long")
    durations, loop = [], image.info.get("loop", 0)
    pictures = []
    for frame in ImageSequence.Iterator(image):
        pictures.append(_plain(frame))
        durations.append(frame.info.get("duration", 100))  # known once the frame is read
    pictures[0].save(
        target,
        WRITTEN[kind],
        save_all=True,
        append_images=pictures[1:],
        duration=durations,
        loop=loop,
        **({"disposal": 2} if kind == "gif" else QUALITY[kind]),
    )
    return image.size


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
