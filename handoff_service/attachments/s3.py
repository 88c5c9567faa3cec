"""Keeps files in a bucket of anything that speaks S3."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import ClientError, ClientResponse, ClientTimeout
from aiohttp.client import ClientSession
from aiohttp_s3_client import S3Client

from handoff_service.attachments.address import Bucket
from handoff_service.attachments.errors import StorageUnavailable

PIECE_BYTES = 256 * 1024
#: Longest time for one file, and for the bucket to begin to answer, in seconds.
TIMEOUT = ClientTimeout(total=120, connect=10)


class S3Storage:
    """One object a key, addressed by path (endpoint/bucket/prefix/key), which all servers know."""

    def __init__(self, http: ClientSession, bucket: Bucket, *, key_id: str, secret: str) -> None:
        """`http` is closed by whoever made it."""
        self._client = S3Client(
            http,
            f"{bucket.endpoint}/{bucket.name}",
            access_key_id=key_id,
            secret_access_key=secret,
            region=bucket.region,
        )
        self._prefix = f"{bucket.prefix}/" if bucket.prefix else ""

    async def put(self, key: str, source: Path) -> None:
        """Store a file; the bucket has it when this returns."""
        content = await asyncio.to_thread(source.read_bytes)
        digest = hashlib.sha256(content).hexdigest()  # the bucket refuses what was cut on the way
        try:
            async with self._client.put(
                self._prefix + key, content, content_sha256=digest, timeout=TIMEOUT
            ) as response:
                _check(response)
        except (ClientError, TimeoutError) as error:
            raise StorageUnavailable(f"the bucket: {type(error).__name__}") from error

    async def read(self, key: str) -> AsyncIterator[bytes]:
        """Yield the content in pieces; raise FileNotFoundError when there is none."""
        try:
            async with self._client.get(self._prefix + key, timeout=TIMEOUT) as response:
                if response.status == 404:
                    raise FileNotFoundError(key)
                _check(response)
                async for piece in response.content.iter_chunked(PIECE_BYTES):
                    yield piece
        except (ClientError, TimeoutError) as error:
            raise StorageUnavailable(f"the bucket: {type(error).__name__}") from error

    async def delete(self, key: str) -> None:
        """Delete the object, if there is one."""
        try:
            async with self._client.delete(self._prefix + key, timeout=TIMEOUT) as response:
                if response.status != 404:
                    _check(response)
        except (ClientError, TimeoutError) as error:
            raise StorageUnavailable(f"the bucket: {type(error).__name__}") from error


def _check(response: ClientResponse) -> None:
    if response.status >= 300:
        raise StorageUnavailable(f"the bucket answers {response.status}")
