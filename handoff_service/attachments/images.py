"""Has an image decoded and written anew by a process that may crash, hang or run out of memory."""

import asyncio
import json
import logging
import sys
from dataclasses import dataclass
from pathlib import Path

from handoff_service.attachments.kinds import KINDS, Kind
from handoff_service.refusals import AttachmentKind

logger = logging.getLogger(__name__)

#: Longest time for one image, in seconds; a photo of 48 megapixels takes two.
TIMEOUT_S = 30.0
#: Images at a time in one process of the service: each is a core's work.
AT_ONCE = 2
WORKER = Path(__file__).with_name("image_worker.py")


@dataclass(frozen=True, slots=True)
class CleanImage:
    """What was written: its kind, and its size in pixels."""

    kind: Kind
    width: int
    height: int


class ImageCleaner:
    """Bounds how many images are worked on at a time."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._places = asyncio.Semaphore(AT_ONCE)

    async def clean(self, source: Path, target: Path, thumbnail: Path) -> CleanImage:
        """Write the image of `source` to `target`, and a small one to `thumbnail`.

        Raises:
            AttachmentKind: it is no image that can be decoded, or too large a one.
        """
        async with self._places:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                str(WORKER),
                *map(str, (source, target, thumbnail)),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    out, err = await process.communicate()
            except TimeoutError as error:
                raise AttachmentKind from error
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        if process.returncode != 0:
            reason = err.decode(errors="replace").strip()[-60:]
            logger.info("an image is refused (exit %s): %s", process.returncode, reason)
            raise AttachmentKind
        written = json.loads(out)
        return CleanImage(KINDS[written["kind"]], written["width"], written["height"])
