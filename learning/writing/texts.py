"""Customers' words as lines of files: what Rasa and PyYAML read back is what was written."""

from __future__ import annotations

import re
import unicodedata

import yaml

#: What masking puts in the place of personal data: ‹email›, ‹phone›.
PLACEHOLDER = re.compile(r"‹[^‹›\s]{1,30}›")
#: A training phrase keeps no placeholder: at work the model meets a number or an address there,
#: never the sign. So something invented of the same kind stands in; other kinds are dropped.
STAND_INS = {
    "email": "name@mail.example",
    "phone": "+1 202 555 0147",
    "ip": "192.0.2.7",
    "link": "https://www.example",
}
#: A phrase is left out when what remains beside placeholders has fewer letters than this …
LEAST_LETTERS = 2
#: … or when placeholders make up more than this share of its words.
MOST_PLACEHOLDERS = 0.5
#: Rasa's entity syntax is [words](entity), [words]{…} or [words][…]; it knows no escape
#: (rasa/shared/nlu/training_data/entities_parser.py), so a space takes the sense away.
_ENTITY = re.compile(r"\](?=[(\[{])")
#: What `str.splitlines` or YAML takes for the end of a line, and other characters nobody sees.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_END = re.compile(r"[\s.!?…。！？｡~～,，;；:：]+$")


def one_line(text: str) -> str:
    """Return a text as one line without characters that a file cannot hold."""
    return " ".join(_UNSEEN.sub(" ", text).split())


def as_phrase(text: str) -> str | None:
    """Return the line that stands for a customer's words in a training file.

    None: there is little beside what was masked.
    """
    line = one_line(text)
    words = len(PLACEHOLDER.sub(" ‹› ", line).split())
    masked = len(PLACEHOLDER.findall(line))
    letters = sum(char.isalpha() for char in PLACEHOLDER.sub("", line))
    if letters < LEAST_LETTERS or (masked and masked > MOST_PLACEHOLDERS * words):
        return None
    filled = PLACEHOLDER.sub(_stand_in, line)
    return _ENTITY.sub("] ", " ".join(filled.split()))


def fold(text: str) -> str:
    """Return what two texts share that say the same to a reader: no case, width or final stop."""
    return _END.sub("", unicodedata.normalize("NFKC", one_line(text)).casefold())


def as_scalar(text: str) -> str:
    """Return one line of YAML that is read as this very text, quoted only where it must be."""
    line = one_line(text)
    written: str = yaml.safe_dump(line, allow_unicode=True, width=10**9)
    plain = written.splitlines()[0]
    return plain if _is_read_as(f"- {plain}\n", line) else _quoted(line)


def as_flow_scalar(text: str) -> str:
    """Return what can stand for the text between brackets, `[one, two]`."""
    scalar = as_scalar(text)
    return scalar if _is_read_as(f"[{scalar}]", one_line(text)) else _quoted(one_line(text))


def _is_read_as(written: str, line: str) -> bool:
    try:
        return bool(yaml.safe_load(written) == [line])
    except yaml.YAMLError:
        return False


def _quoted(line: str) -> str:
    escaped = line.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _stand_in(found: re.Match[str]) -> str:
    return STAND_INS.get(found[0][1:-1].casefold(), "")
