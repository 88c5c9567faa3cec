"""Puts together all that is known of a customer, conversation by conversation."""

import json
from collections.abc import AsyncIterator
from importlib.resources import files

from handoff_service.archive.attachments import of_conversation
from handoff_service.archive.database import Database
from handoff_service.archive.erasures import conversation_ids_of
from handoff_service.archive.own_records import records_of, tables_about_customers
from handoff_service.archive.traces import traces_of
from handoff_service.archive.transcripts import transcripts_of
from handoff_service.attachments.uploads import Attachments
from handoff_service.domain import DEFAULT_LOCALE, LOCALES
from handoff_service.own_data.archive_file import ArchiveFile
from handoff_service.transcript import transcript_document
from handoff_service.wording import Wording


async def bundle_of(
    customer_id: str, *, database: Database, attachments: Attachments, wording: Wording
) -> AsyncIterator[bytes]:
    """Yield the bytes of a ZIP file with everything that is kept about a customer.

    Conversations with all events (also notes that agents wrote among themselves, to which the
    right of access extends), files, and the rows of every other table about them. One
    conversation, or one piece of a file, is in memory at a time.

    Raises:
        ArchiveUnavailable, StorageUnavailable: what was yielded is no whole file.
    """
    archive = ArchiveFile()
    ids = await conversation_ids_of(database, customer_id)
    languages: list[str] = []
    number = 0
    async for transcript in transcripts_of(database, customer_id):
        number += 1
        record = transcript.record
        languages.append(record.language)
        name = f"conversations/{number:04d}_{record.conversation_id}"
        shape = transcript.to_json() | {"conversation": record.to_json()}
        yield archive.add(f"{name}.json", json.dumps(shape, ensure_ascii=False, indent=1))
        page = transcript_document(transcript.events, wording=wording, language=record.language)
        yield archive.add(f"{name}.html", page.as_html())
        for row in await of_conversation(database, record.conversation_id):
            content = attachments.read(row, thumb=False)
            async for piece in archive.stream(f"files/{row.id}_{row.name}", content):
                yield piece
    for table in tables_about_customers():
        lines = [
            json.dumps(row, ensure_ascii=False)
            async for row in records_of(database, table, customer_id, ids)
        ]
        if lines:
            yield archive.add(f"records/{table.name}.jsonl", "\n".join(lines) + "\n")
    traces = await traces_of(database, customer_id, ids)
    profile = {
        "customer_id": customer_id,
        "known_by": [each for each in traces.ids if each != customer_id],
        "names": traces.names,
        "conversations": ids,
        "languages": sorted(set(languages)),
    }
    yield archive.add("profile.json", json.dumps(profile, ensure_ascii=False, indent=1))
    yield archive.add("README.txt", readme(languages[-1] if languages else DEFAULT_LOCALE))
    yield archive.finish()


def readme(language: str) -> str:
    """Return what the file holds, in the customer's language, and in English below."""
    first = language if language in LOCALES else DEFAULT_LOCALE
    texts = [
        (files("handoff_service") / "own_data" / "readme" / f"{each}.txt").read_text("utf-8")
        for each in dict.fromkeys((first, DEFAULT_LOCALE))
    ]
    return "\n\n".join(texts)
