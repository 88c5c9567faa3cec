"""docs/widget.md says what tag, file of sites and script interface understand, and nothing else."""

import re
from pathlib import Path

from handoff_service.sites_file import FIELDS, read_draft

ROOT = Path(__file__).parents[3]
DOC = (ROOT / "docs" / "widget.md").read_text("utf-8")
WIDGET = ROOT / "handoff_service" / "web" / "widget"


def rows(heading):
    """Return what the first column of a section's tables names."""
    section = re.search(rf"^#+ {heading}\n(.*?)(?=^#|\Z)", DOC, re.MULTILINE | re.DOTALL)[1]
    named = re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
    return [name for cell in named for name in re.findall(r"`([\w-]+)", cell)]


def source(*names):
    """Return the text of modules of the widget."""
    return "\n".join((WIDGET / name).read_text("utf-8") for name in names)


def test_every_attribute_of_the_tag():
    text = source("embedding.js", "launcher.js")

    read = set(re.findall(r"dataset\.(\w+)", source("embedding.js")))
    for taken in re.findall(r"const \{([^}]+)\} = (?:dataset|tag);", text):
        read |= {part.split("=")[0].strip() for part in taken.split(",")}

    assert {name.removeprefix("data-") for name in rows("Attributes of the tag")} == read


def test_every_call_and_every_event_of_the_interface():
    named = rows("From your scripts")
    text = source("embedding.js")
    api = re.search(r"const api = \{(.*?)^  \};", text, re.MULTILINE | re.DOTALL)[1]
    calls = set(re.findall(r"^    (\w+)(?=:|\()", api, re.MULTILINE))

    told = set(re.findall(r'tellHost\(\{\s*type: "(\w+)"', source(*everything())))
    told |= {"open", "close"}  # the loader's own

    assert set(named) == calls | told


def test_every_field_of_a_site():
    assert set(rows("Sites")) == FIELDS


def test_the_example_of_a_site_can_be_read():
    example = re.search(r"```yaml\n(sites:.*?)```", DOC, re.DOTALL)[1]

    assert read_draft(example).find("shop").name == "The lamp shop"


def everything():
    """Return the names of all modules of the widget."""
    return sorted(path.name for path in WIDGET.glob("*.js"))
