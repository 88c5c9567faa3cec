"""The road of an attached file: received, checked, kept, made part of a message, deleted."""

import asyncio
import hashlib
import logging
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from aiohttp import BodyPartReader

from handoff_service.archive.attachments import (
    bytes_of_conversation,
    claim_uploads,
    find_upload,
    forget_uploads,
    note_posted,
    note_upload,
    of_conversation,
)
from handoff_service.archive.database import Database
from handoff_service.archive.models import AttachmentRow
from handoff_service.attachments.content import find_kind
from handoff_service.attachments.images import ImageCleaner
from handoff_service.attachments.kinds import Kind, accepted, clean_name
from handoff_service.attachments.storage import Storage
from handoff_service.clock import Clock
from handoff_service.domain import Json
from handoff_service.ids import new_id
from handoff_service.live import Live
from handoff_service.refusals import (
    AttachmentGone,
    AttachmentKind,
    AttachmentsFull,
    AttachmentTooLarge,
    RateLimited,
)
from handoff_service.settings import Settings
from handoff_service.sites import Sites

logger = logging.getLogger(__name__)

MEGABYTE = 1_000_000
#: Files that are received at a time in one process; each has a place on disk meanwhile.
AT_ONCE = 16
#: Longest time to receive one, in seconds: 10 MB at 0.3 Mbit/s.
RECEIVE_S = 300
#: Whose files a customer's are: who they are may become known later, the conversation stays theirs.
CUSTOMER = "customer"
THUMB_TYPE = "image/webp"


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept; `size` of an image, in pixels."""

    path: Path
    kind: Kind
    size: tuple[int, int] | None


class Attachments:
    """One a process; any number may run. All raise ArchiveUnavailable and StorageUnavailable."""

    def __init__(
        self,
        storage: Storage,
        database: Database,
        *,
        clock: Clock,
        settings: Settings,
        sites: Live[Sites],
    ) -> None:
        """Take the limits from `settings`, and which sites take files from `sites`."""
        self._sites = sites
        self._storage = storage
        self._database = database
        self._clock = clock
        self._max_bytes = settings.attachment_max_mb * MEGABYTE
        self._conversation_bytes = settings.attachment_conversation_mb * MEGABYTE
        self._kinds = settings.attachment_kinds
        self._images = ImageCleaner()
        self._receiving = 0

    def offer(self, site: str | None = None) -> Json | None:
        """Return what a page is told of what may be uploaded; None: nothing may.

        `site`: where the conversation is; None: of a page for all sites, so in general.
        """
        if not self._max_bytes or (site is not None and not self._sites.now.find(site).attachments):
            return None
        return {"max_bytes": self._max_bytes, "accept": accepted(self._kinds)}

    async def receive(
        self, part: BodyPartReader, *, conversation_id: str, uploader: str
    ) -> AttachmentRow:
        """Check a file that comes in and keep it, for a message yet to be written.

        Raises:
            AttachmentTooLarge, AttachmentsFull: by the settings.
            AttachmentKind: of no kind that is taken; an image that cannot be decoded.
            RateLimited: too many come in at this moment.
        """
        if self._receiving >= AT_ONCE:
            raise RateLimited
        self._receiving += 1
        try:
            with tempfile.TemporaryDirectory(prefix="baton-upload-") as folder:
                return await self._receive(part, Path(folder), conversation_id, uploader)
        finally:
            self._receiving -= 1

    async def _receive(
        self, part: BodyPartReader, folder: Path, conversation_id: str, uploader: str
    ) -> AttachmentRow:
        name, raw = clean_name(part.filename or ""), folder / "raw"
        try:
            async with asyncio.timeout(RECEIVE_S):
                await self._save(part, raw)
        except TimeoutError as error:
            raise RateLimited from error  # too slow to keep a place for it: to be tried again
        checked = await self._check(raw, name)
        digest, count = await asyncio.to_thread(_digest, checked.path)
        if await bytes_of_conversation(self._database, conversation_id) + count > (
            self._conversation_bytes
        ):
            raise AttachmentsFull
        width, height = checked.size or (None, None)
        row = AttachmentRow(
            id=new_id("f"),
            conversation_id=conversation_id,
            uploader=uploader,
            at_ms=self._clock.now_ms(),
            name=checked.kind.named(name),
            type=checked.kind.media,
            bytes=count,
            sha256=digest,
            width=width,
            height=height,
        )
        await note_upload(self._database, row)
        await self._storage.put(row.id, checked.path)
        if checked.size:
            await self._storage.put(_thumb(row.id), folder / "thumb")
        logger.info("file %s of %s: %s, %d bytes", row.id, conversation_id, row.type, count)
        return row

    async def _save(self, part: BodyPartReader, path: Path) -> None:
        count = 0
        with path.open("wb") as file:
            while piece := await part.read_chunk():
                count += len(piece)
                if count > self._max_bytes:
                    raise AttachmentTooLarge
                await asyncio.to_thread(file.write, piece)
        if count == 0:
            raise AttachmentKind

    async def _check(self, raw: Path, name: str) -> Checked:
        kind = await asyncio.to_thread(find_kind, raw, name, allowed=self._kinds)
        if not kind.image:
            return Checked(raw, kind, None)
        image = await self._images.clean(raw, raw.with_name("image"), raw.with_name("thumb"))
        return Checked(raw.with_name("image"), image.kind, (image.width, image.height))

    async def claim(
        self, ids: Sequence[str], *, conversation_id: str, uploader: str, message_id: str
    ) -> list[Json]:
        """Make files part of a message, once or again; return what its event says of them.

        Raises:
            AttachmentGone: one is not there, not theirs, or part of another message.
        """
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return []
        rows = await claim_uploads(
            self._database,
            wanted,
            conversation_id=conversation_id,
            uploader=uploader,
            message_id=message_id,
        )
        if rows is None:
            raise AttachmentGone
        return [view(row) for row in rows]

    async def posted(self, ids: Sequence[str], *, message_id: str, seq: int) -> None:
        """Note that the message of these files is stored; without it they are swept."""
        if ids:
            await note_posted(self._database, message_id=message_id, ids=ids, seq=seq)

    async def find(self, attachment_id: str) -> AttachmentRow | None:
        """Return what is known of a file."""
        return await find_upload(self._database, attachment_id)

    def read(self, row: AttachmentRow, *, thumb: bool) -> AsyncIterator[bytes]:
        """Yield the file, or its thumbnail; raise FileNotFoundError when it is not there."""
        return self._storage.read(_thumb(row.id) if thumb else row.id)

    async def delete(self, rows: Sequence[AttachmentRow]) -> None:
        """Delete files, then what is known of them."""
        for row in rows:
            await self._storage.delete(row.id)
            if row.width:
                await self._storage.delete(_thumb(row.id))
        await forget_uploads(self._database, [row.id for row in rows])

    async def erase(self, conversation_id: str) -> int:
        """Delete every file of a conversation, for good; return how many there were."""
        rows = await of_conversation(self._database, conversation_id)
        await self.delete(rows)
        return len(rows)

    async def forget(self, conversation_ids: Sequence[str]) -> int:
        """Delete every file of these conversations; return how many there were."""
        return sum([await self.erase(conversation_id) for conversation_id in conversation_ids])


def view(row: AttachmentRow) -> Json:
    """Return what everybody in the conversation is told of a file."""
    told: Json = {"id": row.id, "name": row.name, "type": row.type, "bytes": row.bytes}
    if row.width is not None:
        told |= {"width": row.width, "height": row.height}
    return told


def _thumb(attachment_id: str) -> str:
    return f"{attachment_id}.thumb"


def _digest(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size
