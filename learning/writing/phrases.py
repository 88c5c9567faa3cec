"""Adds phrases to training files, each under its intent and language, and nothing else changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

from learning.writing.errors import NotWritten
from learning.writing.yaml_places import Source, is_block_list, items, value, word


@dataclass(frozen=True, slots=True)
class Block:
    """The phrases of one intent in one language, as one entry of a file holds them."""

    intent: str
    language: str  #: "" where the entry does not say
    phrases: tuple[str, ...]
    node: yaml.MappingNode


def blocks_of(source: Source) -> list[Block]:
    """Return the entries of a training file, in their order."""
    return list(_blocks(source.root))


def add_phrases(name: str, text: str, *, intent: str, language: str, phrases: Sequence[str]) -> str:
    """Return the text of a training file with phrases added at the end of their block.

    A language that the intent does not have yet becomes a block of its own behind the others.

    Raises:
        NotWritten: the file is no YAML, has no such intent, or is written in a way (in braces)
            that no line can be added to.
    """
    source = Source(name, text)
    own = [block for block in blocks_of(source) if block.intent == intent]
    if not own:
        raise NotWritten(f"{name}: has no phrases of {intent}")
    block = _block_for(own, language)
    if block is None:
        _add_block(source, own[-1], intent=intent, language=language, phrases=phrases)
    else:
        _add_to_block(source, block, phrases)
    edited = source.edited()
    _check(name, text, edited, intent=intent, phrases=phrases)
    return edited


def new_file(intent: str, phrases: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Return a training file of an intent: pairs of a language and its phrases."""
    lines = ['version: "3.1"', "", "nlu:"]
    for language, texts in phrases:
        lines += _block_lines("  ", "    ", intent=intent, language=language, phrases=texts)
    return "\n".join(lines) + "\n"


def _blocks(root: yaml.Node | None) -> Iterator[Block]:
    for entry in items(value(root, "nlu")):
        intent, examples = word(value(entry, "intent")), value(entry, "examples")
        if not intent or not isinstance(entry, yaml.MappingNode):
            continue
        lines = word(examples).splitlines()
        listed = [word(value(item, "text")) for item in items(examples)]
        phrases = [line[1:].strip() for line in lines if line.startswith("-")]
        language = word(value(value(entry, "metadata"), "language"))
        yield Block(intent, language, tuple(phrases or filter(None, listed)), entry)


def _block_for(blocks: Sequence[Block], language: str) -> Block | None:
    """Return the last block of a language that lines can be added to."""
    spoken = {block.language for block in blocks}
    wanted = language if spoken != {""} else ""  # a project of one language need not name it
    fitting = [block for block in blocks if block.language == wanted and _is_literal(block)]
    return fitting[-1] if fitting else None


def _is_literal(block: Block) -> bool:
    examples = value(block.node, "examples")
    return isinstance(examples, yaml.ScalarNode) and examples.style == "|"


def _add_to_block(source: Source, block: Block, phrases: Sequence[str]) -> None:
    examples = value(block.node, "examples")
    if examples is None:  # not of a block that `_block_for` found
        raise NotWritten(f"{source.name}: {block.intent} has no examples")
    column = block.node.start_mark.column
    head = source.line_of(examples.start_mark.index)
    last = source.last_line_below(head, column)
    indent = column + 2
    for number in range(last, head, -1):
        if source.line(number).lstrip().startswith("-"):
            indent = source.indent_of(number)
            break
    source.add_after(last, [f"{' ' * indent}- {phrase}" for phrase in phrases])


def _add_block(
    source: Source, behind: Block, *, intent: str, language: str, phrases: Sequence[str]
) -> None:
    if not is_block_list(value(source.root, "nlu")) or behind.node.flow_style:
        raise NotWritten(
            f"{source.name}: {intent} is written in braces; write it as a list with a line each"
        )
    column = behind.node.start_mark.column
    first = source.line_of(behind.node.start_mark.index)
    dash = source.line(first)[:column]
    if dash.strip() != "-":
        raise NotWritten(f"{source.name}:{first + 1}: expected `- intent: {intent}` on one line")
    lines = _block_lines(
        dash[: dash.index("-")], " " * column, intent=intent, language=language, phrases=phrases
    )
    lines[0] = dash + lines[0].lstrip(" -")
    source.add_after(source.last_line_below(first, dash.index("-")), lines)


def _block_lines(
    dash: str, indent: str, *, intent: str, language: str, phrases: Sequence[str]
) -> list[str]:
    return [
        f"{dash}- intent: {intent}",
        f"{indent}metadata: {{language: {language}}}",
        f"{indent}examples: |",
        *(f"{indent}  - {phrase}" for phrase in phrases),
    ]


def _check(name: str, before: str, after: str, *, intent: str, phrases: Sequence[str]) -> None:
    """Read back what would be written: the same phrases as before, and the new ones."""
    had = _all_phrases(name, before)
    has = _all_phrases(name, after)
    for phrase in phrases:
        if (intent, phrase) not in has:
            raise NotWritten(f"{name}: the phrase {phrase[:60]!r} would not be read back")
        has.remove((intent, phrase))
    if had != has:
        raise NotWritten(f"{name}: other phrases would change; add these by hand")


def _all_phrases(name: str, text: str) -> list[tuple[str, str]]:
    blocks = blocks_of(Source(name, text))
    return sorted((block.intent, phrase) for block in blocks for phrase in block.phrases)
