"""Where files are kept: a folder, or a bucket that speaks S3."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

from aiohttp import ClientSession

from handoff_service.attachments.address import read_address
from handoff_service.attachments.disk import DiskStorage
from handoff_service.attachments.s3 import S3Storage
from handoff_service.errors import SettingsError
from handoff_service.settings import Settings


class Storage(Protocol):
    """Files by key, `PREFIX_HEX`; a key is made by us, never by who sends the file.

    All raise StorageUnavailable when the place cannot be reached or takes nothing.
    """

    async def put(self, key: str, source: Path) -> None:
        """Keep the content of a file under a key, for good once this returns."""

    def read(self, key: str) -> AsyncIterator[bytes]:
        """Yield the content in pieces; raise FileNotFoundError when there is none."""

    async def delete(self, key: str) -> None:
        """Drop what is kept under a key, if anything is."""


def open_storage(settings: Settings, http: ClientSession) -> Storage:
    """Return the place that the settings name; `http` carries what goes to a bucket.

    Raises:
        SettingsError: a bucket without the key that opens it.
    """
    if settings.attachments_url is None:
        return DiskStorage(settings.data_dir / "attachments")
    place = read_address(settings.attachments_url)
    if isinstance(place, Path):
        return DiskStorage(place)
    key_id, secret = settings.attachments_key_id, settings.attachments_secret
    if not key_id or not secret:
        raise SettingsError(
            [
                f"{name}: missing; expected, for the bucket of BATON_ATTACHMENTS_URL"
                for name, given in (
                    ("BATON_ATTACHMENTS_KEY_ID", key_id),
                    ("BATON_ATTACHMENTS_SECRET", secret),
                )
                if not given
            ]
        )
    return S3Storage(http, place, key_id=key_id, secret=secret)
