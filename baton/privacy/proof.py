"""The proof that a customer was deleted: without anything about them, signed, to be verified."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from typing import Any

from baton.privacy.look import ELSEWHERE, FileLook
from handoff_service.erasure import hash_of
from handoff_service.version import VERSION

FORMAT = "baton.erasure-proof/1"
#: What stands over a proof's content.
SEALS = ("sha256", "hmac_sha256")
#: What is kept on purpose, said in each proof.
KEPT = (
    "ids of deleted conversations, so that nothing late brings one back",
    "two lines a wish in the audit trail, without the customer",
    "the live store's log for BATON_LOG_KEEP_S, its append-only file for two nights at most",
    "the history of git: commits are named below; the words in them are masked",
    "copies that were made outside Baton: backups, exports, e-mails that were sent",
)


class BadProof(Exception):
    """A file is no proof, or not as it was made; the text says which."""


def make_proof(
    *,
    customer_id: str,
    conversation_ids: Sequence[str],
    erasures: Sequence[Mapping[str, Any]],
    look: FileLook,
    key: str,
    now_ms: int,
) -> dict[str, Any]:
    """Return a proof, sealed.

    Args:
        customer_id: Whose; only its hash gets in, as with the conversations.
        conversation_ids: All that were theirs.
        erasures: Every wish of theirs, as the service tells it.
        look: What was found in files.
        key: The signing key of the system.
        now_ms: The time.
    """
    wishes = [
        {
            "erasure_id": wish["erasure_id"],
            "asked": _when(wish["asked_ms"]),
            "done": _when(wish["done_ms"]),
            "conversations": sorted(hash_of(name, key=key) for name in wish["conversation_ids"]),
            "removed": wish["removed"],
            "second_look": wish["found"],
            "learned_done": _when(wish["unlearned_ms"]),
            "learned": wish["unlearned"],
        }
        for wish in erasures
    ]
    known = {name for wish in erasures for name in wish["conversation_ids"]}
    content = {
        "format": FORMAT,
        "baton": VERSION,
        "made": _when(now_ms),
        "customer": hash_of(customer_id, key=key),
        "hashes": "HMAC-SHA-256 by the system's signing key of `erased:` and the id",
        "complete": is_complete(erasures, look),
        "conversations": len(known | set(conversation_ids)),
        "wishes": wishes,
        "files": asdict(look),
        "not_looked_at": dict(ELSEWHERE),
        "kept": list(KEPT),
    }
    return content | dict(zip(SEALS, _seals(content, key=key), strict=True))


def is_complete(erasures: Sequence[Mapping[str, Any]], look: FileLook) -> bool:
    """Whether all is done and the latest wish's second look, for all wishes, found nothing."""
    return (
        bool(erasures)
        and all(wish["done_ms"] and "counts" in wish["unlearned"] for wish in erasures)
        and erasures[0]["found"].get("left") == {}
        and not look.left
        and not look.not_read
    )


def check_proof(text: str, *, key: str) -> dict[str, Any]:
    """Return what a proof says. Raises BadProof: it is none, or was changed since."""
    try:
        proof = json.loads(text)
    except ValueError as error:
        raise BadProof("is no JSON") from error
    if not isinstance(proof, dict) or proof.get("format") != FORMAT:
        raise BadProof(f"is no proof of the format {FORMAT}")
    content = {name: value for name, value in proof.items() if name not in SEALS}
    digest, signed = _seals(content, key=key)
    if proof.get("sha256") != digest:
        raise BadProof("was changed since it was made: its sha256 does not fit its content")
    if not hmac.compare_digest(str(proof.get("hmac_sha256")), signed):
        raise BadProof("was not made by this system, or the system has another signing key now")
    return proof


def as_text(proof: Mapping[str, Any]) -> str:
    """Return a proof as people read it."""
    lines = [
        f"Proof of deletion, made {proof['made']} by Baton {proof['baton']}",
        f"Customer {proof['customer'][:16]}…, {proof['conversations']} conversations",
        "Complete: " + ("yes" if proof["complete"] else "NO"),
    ]
    for wish in proof["wishes"]:
        lines.append(f"\nWish {wish['erasure_id']}: asked {wish['asked']}, done {wish['done']}")
        lines += [f"  removed  {n:6}  {place}" for place, n in sorted(wish["removed"].items())]
        look = wish["second_look"]
        lines += [f"  LEFT     {n:6}  {place}" for place, n in look.get("left", {}).items()]
        lines += [
            f"  same name {n:5}  {place} (perhaps somebody else)"
            for place, n in look.get("same_name", {}).items()
        ]
        if not look and wish["done"]:
            lines.append("  asked by the customer themself: looked for by a later wish")
        elif not look.get("left"):
            lines.append("  second look: nothing left in any table, nor in the live store")
        lines += _learned(wish["learned"], wish["learned_done"])
    files = proof["files"]
    lines.append(f"\nFiles: {files['files']} looked through, {files['bytes']} bytes")
    lines += [f"  LEFT     {n:6}  {name}" for name, n in files["left"].items()]
    lines += [f"  NOT READ         {name}" for name in files["not_read"]]
    if not files["left"] and not files["not_read"]:
        lines.append("  nothing left")
    lines.append("\nKept on purpose:")
    lines += [f"  - {each}" for each in proof["kept"]]
    lines.append(f"\nsha256 {proof['sha256']}\nhmac   {proof['hmac_sha256']}")
    return "\n".join(lines)


def _learned(learned: Mapping[str, Any], done: str | None) -> list[str]:
    if "counts" not in learned:
        return ["  what the bot has learned: not looked at yet (the process that learns does it)"]
    lines = [f"  removed  {n:6}  learned.{kind}" for kind, n in learned["counts"].items()]
    for name, said in (
        ("models", "trained with it, serve or wait until a newer one is live, then deleted"),
        ("models_removed", "models deleted"),
        ("uncommitted", "changed, not committed: other changes wait there"),
        ("to_check", "drafts that quoted them and were moved, to be looked at by somebody"),
        ("commits", "commits of git that hold or remove it"),
        ("branches", "branches that still hold it: delete or amend them"),
    ):
        if learned.get(name):
            lines.append(f"  {said}: {', '.join(learned[name])}")
    if not done and not learned["models"]:
        lines.append("  what the bot has learned: not done yet")
    return lines


def _seals(content: Mapping[str, Any], *, key: str) -> tuple[str, str]:
    """Return the sha256 of the content as canonical JSON, and its HMAC by the signing key."""
    raw = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    derived = hmac.new(key.encode(), b"proof of deletion", hashlib.sha256).digest()
    return hashlib.sha256(raw).hexdigest(), hmac.new(derived, raw, hashlib.sha256).hexdigest()


def _when(at_ms: int | None) -> str | None:
    if at_ms is None:
        return None
    return datetime.fromtimestamp(at_ms / 1000, timezone.utc).isoformat(timespec="seconds")
