"""What every script under store/lua keeps to: a head that says all, keys from KEYS, no clock."""

import re
from enum import StrEnum

import pytest

from handoff_service.store import results, turns
from handoff_service.store.scripts import LUA

SCRIPTS = {
    f"{folder.name}/{file.name.removesuffix('.lua')}": file.read_text("utf-8")
    for folder in LUA.iterdir()
    if folder.is_dir()
    for file in folder.iterdir()
}
TRANSITIONS = [name for name in SCRIPTS if name.startswith("conversation/")]
PRELUDE = (LUA / "_prelude.lua").read_text("utf-8")
#: Words that are no answer to the caller but to store/scripts.py, which makes errors of them.
ERRORS = {"NO_SUCH", "MOVED"}
#: The one script that is about time: it tells what Redis's clock says.
READS_CLOCK = {"desk/agree_time"}


def head(text):
    """Return the comment that a script begins with."""
    return "\n".join(line for line in text.split("\n\n")[0].splitlines() if line.startswith("--"))


def code(text):
    """Return a script without its comments."""
    return re.sub(r"--[^\n]*", "", text)


def told(text):
    """Return the words that the head says the script returns."""
    return set(re.findall(r"\b[A-Z_]{3,}\b", head(text).split("Returns", 1)[1].split("--")[0]))


def returned(text):
    """Return the words that the code returns."""
    lines = re.findall(r"(?:\breturn\b[^\n]*|reply\([^\n]*)", code(text))
    plain = [re.sub(r"redis\.call\([^,]*,", "", line) for line in lines]
    return {word for line in plain for word in re.findall(r"'([A-Z][A-Z_]{2,})'", line)}


def enums():
    """Return each script's words as the store's enums have them: an enum's docstring names them."""
    found = {}
    for module in (results, turns):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum:
                for name in re.findall(r"[a-z_]+", value.__doc__ or ""):
                    found.setdefault(f"conversation/{name}", set()).update(value)
    return found


def calls(text):
    """Return command and key of each call of Redis, as they are written."""
    found = []
    for match in re.finditer(r"redis\.p?call\(", code(text)):
        command, *rest = arguments(code(text)[match.end() :])
        if re.search("XGROUP|XINFO", command):
            rest = rest[1:]  # the subcommand
        found.append((command, rest[0] if rest else ""))
    return found


def arguments(text):
    """Split what stands up to the closing bracket at its own commas."""
    parts, depth, part = [], 0, ""
    for char in text:
        if char == ")" and depth == 0:
            break
        depth += (char in "([{") - (char in ")]}")
        if char == "," and depth == 0:
            parts.append(part.strip())
            part = ""
        else:
            part += char
    return [*parts, part.strip()]


def from_arguments(text):
    """Return the names that a script gives to what stands in ARGV."""
    names = set()
    for left, right in re.findall(r"local ([\w, ]+) = ([^\n]+)", code(text)):
        for name, value in zip(left.split(","), right.split(","), strict=False):
            if "ARGV" in value:
                names.add(name.strip())
    return names


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_head_says_purpose_arguments_and_answers(name):
    text, said = SCRIPTS[name], head(SCRIPTS[name])

    assert re.match(r"-- [A-Z]\w+,? ", said), "the first sentence says what it does"
    assert "Returns" in said
    for number in set(re.findall(r"ARGV\[(\d+)\]", code(text))):
        assert (name in TRANSITIONS and int(number) <= 3) or f"ARGV[{number}" in said
    for number in set(re.findall(r"KEYS\[(\d+)\]", code(text))):
        assert f"KEYS[{number}" in said


@pytest.mark.parametrize("name", TRANSITIONS)
def test_every_answer_is_told_and_has_its_place_in_an_enum(name):
    text = SCRIPTS[name]

    assert returned(text) - {"NO_SUCH"} == told(text)
    assert told(text) - ERRORS <= {word.value for word in enums().get(name, ())}


@pytest.mark.parametrize("name", [*SCRIPTS, "_prelude"])
def test_every_key_comes_from_keys(name):
    text = SCRIPTS.get(name, PRELUDE)
    given = from_arguments(text)

    for command, key in calls(text):
        if command == "'TIME'":
            continue  # has no key
        assert re.fullmatch(r"[A-Za-z_]+(\[[^\]]+\])?( or [A-Za-z_]+)?", key), f"{command} {key}"
        assert key not in given, f"{command} {key}: a key made by the caller, but not in KEYS"
        assert key not in {"ARGV", "ID"}


@pytest.mark.parametrize("name", [*SCRIPTS, "_prelude"])
def test_time_and_chance_come_from_the_caller(name):
    text = SCRIPTS.get(name, PRELUDE)

    reads = re.findall(
        r"'TIME'|os\.(?:time|clock)|math\.random|'RANDOMKEY'|'KEYS'|'SCAN'", code(text)
    )

    assert not reads or name in READS_CLOCK


def test_the_rules_find_what_breaks_them():
    bad = "-- Does it.\n-- Returns DONE\nlocal id = ARGV[1]\nredis.call('DEL', 'conv:' .. id)\n"
    worse = "-- Does it.\n-- Returns DONE\nlocal key = ARGV[1]\nredis.call('DEL', key)\n"

    assert calls(bad) == [("'DEL'", "'conv:' .. id")]
    assert from_arguments(worse) == {"key"}
    assert returned("return reply('STALE', redis.call('GET', CONV))") == {"STALE"}
    assert told("-- Does it.\n-- Returns DONE | STALE\n") == {"DONE", "STALE"}
