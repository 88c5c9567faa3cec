"""How much an agent's browser loads of the console, to reach the desk and with a section open."""

import posixpath
import re

import pytest

from handoff_service.tone import LOCALES
from handoff_service.web.assets import WEB_ROOT, load_assets

#: Bytes after gzip until the desk is there, and with the heaviest section open, in any language.
MAX_DESK_BYTES, MAX_BYTES = 60_000, 120_000
_IMPORT = re.compile(r'(?:\bfrom|\bimport)\s*"([./][^"]+)"')
_STYLE = re.compile(r'href="?(/[^" >]+\.css)')


@pytest.fixture(scope="module")
def assets():
    return load_assets()


@pytest.fixture(scope="module")
def size(assets):
    """Return a function that says what some addresses weigh, and each one."""
    known = {}

    def weigh(addresses):
        for address in addresses:
            known.setdefault(address, len(assets[address].encoded("gzip")))
        sizes = {address: known[address] for address in addresses}
        return sum(sizes.values()), sorted(sizes.items(), key=lambda item: -item[1])

    return weigh


def reached(assets, address, found):
    """Add a module and those that it cannot do without."""
    if address in found:
        return
    found.add(address)
    for target in _IMPORT.findall(assets[address].body.decode()):
        reached(
            assets, posixpath.normpath(posixpath.join(posixpath.dirname(address), target)), found
        )


def desk(assets, locale):
    """Return the page, its style sheet, its modules and its words."""
    found = {"/console", f"/shared/locales/console/{locale}.json"}
    found.update(_STYLE.findall(assets["/console"].body.decode()))
    reached(assets, "/console/app.js", found)
    return found


def section(assets, name, locale):
    """Return everything of one section, charts included where it draws some."""
    folder = f"/console/sections/{name}/"
    found = {address for address in assets if address == f"{folder}{name}.css"}
    reached(assets, f"{folder}index.js", found)
    words = f"/shared/locales/{name}/{locale}.json"
    return found | ({words} if words in assets else set())


@pytest.mark.parametrize("locale", LOCALES)
def test_what_leads_to_the_desk_is_small(assets, size, locale):
    total, sizes = size(desk(assets, locale))

    assert {"/console/core.js", "/console/all.css"} <= {address for address, _ in sizes}, (
        "the modules are found"
    )
    assert total <= MAX_DESK_BYTES, sizes


@pytest.mark.parametrize("locale", LOCALES)
def test_no_section_makes_it_heavy(assets, size, locale):
    names = {path.name for path in (WEB_ROOT / "console/sections").iterdir() if path.is_dir()}
    assert names, "the sections are found"

    heaviest = max(size(section(assets, name, locale) | desk(assets, locale)) for name in names)

    assert heaviest[0] <= MAX_BYTES, heaviest[1]
