"""Join a page's modules into one script, so that a browser asks once instead of thirty times.

Only what the widget's modules use is understood: static named imports, exported declarations, and
`import()` of an address that is made when it runs (which stays as it is).
Their text is joined as it stands, so names at the top level must be unique among them.
"""

import re
from pathlib import Path

from handoff_service.errors import BundleError

#: `import { a, b } from "./c.js";`, over several lines too, and `import "./c.js";`.
_IMPORT = re.compile(r'^import\s+(?:\{([^}]*)\}\s*from\s*)?"([^"]+)";[ \t]*\n?', re.MULTILINE)
_EXPORTED = re.compile(r"^export (?=async |function\b|class\b|const\b|let\b)", re.MULTILINE)
_DECLARED = re.compile(
    r"^(?:async )?(?:(?:function\*?|class)\s+([\w$]+)"
    r"|(?:const|let|var)\s+([\w$]+|\{[^}]*\}|\[[^\]]*\]))",
    re.MULTILINE,
)
#: What is left of `import` and `export` in the code, comments aside.
_LEFT = re.compile(r"""^(?:import|export)\b.*|\bimport\s*(?:\.|\(["']\.).*""", re.MULTILINE)
_COMMENTS = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)


def bundle(entry: Path, *, root: Path) -> str:
    """Return the text of a module and of all that it imports, dependencies first.

    Args:
        entry: the module to begin with.
        root: folder that no import may leave.

    Raises:
        BundleError: a module cannot be read, is written in a way that is not understood, needs
            itself, or has a name at its top level that another has as well.
    """
    texts: dict[Path, str] = {}
    _collect(entry.resolve(), root.resolve(), texts, above=())
    _refuse_doubles(texts, root.resolve())
    return "\n".join(texts.values())


def as_script(text: str) -> str:
    """Wrap joined modules so that their names stay theirs and `await` may be used."""
    return f'(async()=>{{"use strict";{text}\n}})();'


def as_module(text: str, *, name: str) -> str:
    """Wrap joined modules as one module that exports this name of theirs, and no other."""
    return f'export const {name}=(()=>{{"use strict";{text}\nreturn {name};}})();'


def as_call(text: str, *, parameter: str, argument: str) -> str:
    """Wrap joined modules, which may not `await`, as a call: they see `argument` as `parameter`."""
    return f'(({parameter})=>{{"use strict";{text}\n}})({argument});'


def _collect(module: Path, root: Path, texts: dict[Path, str], *, above: tuple[Path, ...]) -> None:
    """Add a module's text after those of the modules it imports."""
    if module in texts:
        return
    if module in above:
        circle = " → ".join(_name(each, root) for each in (*above[above.index(module) :], module))
        raise BundleError(f"{circle}: modules import each other in a circle; move what both need")
    text = _read(module, root)
    for names, address in _IMPORT.findall(text):
        if re.search(r"\sas\s", names):
            raise BundleError(f"{_name(module, root)}: import {address} without `as`")
        if not address.startswith("."):
            raise BundleError(f"{_name(module, root)}: {address} is no path that begins with `.`")
        _collect((module.parent / address).resolve(), root, texts, above=(*above, module))
    text = _EXPORTED.sub("", _IMPORT.sub("", text))
    if left := _LEFT.search(_COMMENTS.sub("", text)):
        raise BundleError(
            f"{_name(module, root)}: `{left[0].strip()}` cannot be bundled; "
            'use `import { name } from "./path.js"` and `export` before a declaration'
        )
    texts[module] = text


def _read(module: Path, root: Path) -> str:
    if not module.is_relative_to(root):
        raise BundleError(f"{module.name}: lies outside the folder of the pages")
    try:
        return module.read_text(encoding="utf-8")
    except OSError as error:
        raise BundleError(f"{_name(module, root)}: cannot be read: {error.strerror}") from error


def _refuse_doubles(texts: dict[Path, str], root: Path) -> None:
    owner: dict[str, Path] = {}
    doubles = []
    for module, text in texts.items():
        for name in _top_level_names(text):
            first = owner.setdefault(name, module)
            if first != module:
                doubles.append(f"{name} ({_name(first, root)}, {_name(module, root)})")
    if doubles:
        raise BundleError(
            f"names that two modules have at their top level; rename one: {', '.join(doubles)}"
        )


def _top_level_names(text: str) -> set[str]:
    names: set[str] = set()
    for plain, pattern in _DECLARED.findall(text):
        found = plain or pattern
        if found[0] in "{[":
            parts = (part.split("=")[0].split(":")[-1] for part in found[1:-1].split(","))
            names.update(part.strip(" .\n\t") for part in parts)
        else:
            names.add(found)
    return names - {""}


def _name(module: Path, root: Path) -> str:
    return module.relative_to(root).as_posix() if module.is_relative_to(root) else module.name
