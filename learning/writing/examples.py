"""Puts accepted phrases into training files, held-out ones aside, with where they came from."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from learning.writing.accepted import Example
from learning.writing.errors import NotWritten
from learning.writing.new_intents import add_to_domain, add_to_rule, intent_name, known_intents
from learning.writing.phrases import add_phrases, blocks_of, new_file
from learning.writing.plan import EXAMPLES, HELD_OUT, Writing
from learning.writing.texts import as_phrase, fold
from learning.writing.tree import Tree
from learning.writing.yaml_places import Source

#: In which file an intent has phrases of a language, or of ANY.
Places: TypeAlias = dict[tuple[str, str], str]
ANY = "*"
#: A new intent needs so many phrases to train on, beside those that are held out.
LEAST_OF_NEW = 2


def write_examples(writing: Writing, examples: Sequence[Example]) -> None:
    """Add what is not known yet to the files of `writing.tree`. Raises NotWritten."""
    known, places = _known_phrases(writing.tree)
    intents = set(known_intents(writing.tree.texts("bot/domain", ".yml")))
    placed: dict[str, list[tuple[Example, str]]] = defaultdict(list)
    for example in examples:
        intent = _intent_of(writing, example, intents)
        phrase = as_phrase(example.said.text)
        if not intent:
            continue
        if phrase is None:
            writing.note(example.decided, "left_out")
            continue
        other = known.setdefault(fold(phrase), "")
        if other == intent:
            writing.note(example.decided, "known")
        elif other:
            writing.refuse(
                example.decided,
                "conflict",
                phrase,
                f"{phrase!r} is a phrase of {other} already, decided was {intent}: "
                f"take it out there, or withdraw the decision",
            )
        else:
            known[fold(phrase)] = intent
            placed[intent].append((example, phrase))
    for intent, found in placed.items():
        _write_intent(writing, intent, found, places=None if intent not in intents else places)


def _intent_of(writing: Writing, example: Example, intents: set[str]) -> str:
    """Return the intent as the domain has it, or will have it; "" with a problem noted."""
    if example.intent in intents:
        return example.intent
    name = intent_name(example.intent)
    if name in intents or (example.is_new and name):
        return name
    if example.is_new:
        writing.refuse(
            example.decided,
            "unusable_name",
            example.intent,
            f"{example.intent!r} cannot name an intent: use Latin letters, such as ask_gift_card",
        )
    else:
        writing.refuse(
            example.decided,
            "unknown_intent",
            example.said.text,
            f"the bot has no intent {example.intent!r} any more: withdraw the decision",
        )
    return ""


def _write_intent(
    writing: Writing, intent: str, found: Sequence[tuple[Example, str]], *, places: Places | None
) -> None:
    """Write phrases of one intent; it is new when there are no `places` to look for it."""
    is_new = places is None
    trained = [pair for pair in found if not pair[0].said.is_held_out]
    try:
        if is_new and len(trained) < LEAST_OF_NEW:
            raise NotWritten(f"needs {LEAST_OF_NEW} phrases to train on, has {len(trained)}")
        files = _add_to_files(writing.tree, intent, trained, places=places)
    except NotWritten as error:
        code = "too_few" if is_new and len(trained) < LEAST_OF_NEW else "not_written"
        detail = f"{intent} is not written: {error}"
        for example, phrase in found:
            writing.refuse(example.decided, code, phrase, detail)
        return
    writing.counts["intents"] += is_new
    for example, _ in found:
        writing.note(example.decided, "held_out" if example.said.is_held_out else "examples")
    writing.tree.append(
        EXAMPLES,
        [
            _as_json(example, intent, phrase, file=files[example.said.language])
            for example, phrase in trained
        ],
    )
    writing.tree.append(
        HELD_OUT,
        [_as_json(e, intent, phrase) for e, phrase in found if e.said.is_held_out],
    )


def _add_to_files(
    tree: Tree, intent: str, found: Sequence[tuple[Example, str]], *, places: Places | None
) -> dict[str, str]:
    """Add phrases of one intent; return the file of each language. Raises NotWritten."""
    phrases: dict[str, list[str]] = defaultdict(list)
    for example, phrase in found:
        phrases[example.said.language].append(phrase)
    edits: dict[str, str] = {}
    if places is None:
        name = f"data/nlu/{intent}.yml"
        if tree.find(name) is not None:
            raise NotWritten(f"{name} is there already and holds something else; rename it")
        edits[name] = new_file(intent, list(phrases.items()))
        edits |= [add_to_domain(tree.texts("bot/domain", ".yml"), intent)]
        edits |= [add_to_rule(tree.texts("data/rules", ".yml"), intent)]
        files = dict.fromkeys(phrases, name)
    else:
        files = {
            language: places.get((intent, language))
            or places.get((intent, ANY))
            or f"data/nlu/{intent}.yml"
            for language in phrases
        }
        for language, texts in phrases.items():
            name = files[language]
            before = edits.get(name, tree.find(name) or "")
            edits[name] = (
                add_phrases(name, before, intent=intent, language=language, phrases=texts)
                if before
                else new_file(intent, [(language, texts)])
            )
    for name, text in edits.items():
        tree.put(name, text)
    return files


def _known_phrases(tree: Tree) -> tuple[dict[str, str], Places]:
    """Return the intent of every phrase that is trained or judged by, folded; and the places."""
    known: dict[str, str] = {}
    places: Places = {}
    held_out = (json.loads(line) for line in _lines(tree.find(HELD_OUT) or ""))
    try:
        known |= {fold(entry["text"]): str(entry["intent"]) for entry in held_out}
    except (ValueError, KeyError, TypeError) as error:
        raise NotWritten(f"{HELD_OUT}: a line is no JSON with text and intent; mend it") from error
    for name, text in tree.texts("data/nlu", ".yml").items():
        for block in blocks_of(Source(name, text)):
            known |= dict.fromkeys(map(fold, block.phrases), block.intent)
            places |= {(block.intent, block.language): name, (block.intent, ANY): name}
    return known, places


def _lines(text: str) -> Iterable[str]:
    return (line for line in text.split("\n") if line.strip())


def _as_json(example: Example, intent: str, phrase: str, *, file: str = "") -> str:
    said, decided = example.said, example.decided
    entry = {
        **({"file": file} if file else {}),
        "text": phrase,
        "intent": intent,
        "language": said.language,
        "conversation_id": said.conversation_id,
        "seq": said.seq,
        "reviewers": list(decided.reviewers),
        "at": decided.at,
        "decision_id": decided.ids[0],
    }
    return json.dumps(entry, ensure_ascii=False)
