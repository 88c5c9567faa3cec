"""Join what every agent loads of the console, so that a browser asks once instead of seventy times.

The modules that lead to the desk become one, `core.js`, in which each keeps its own scope and says
what it exports in a table. What is loaded later becomes one file each, with what it needs beside
that; it takes the rest from the table and adds its own, so that no module runs twice. The page's
style sheets become one as well.
"""

import posixpath
import re
from functools import cache
from pathlib import Path

from handoff_service.errors import BundleError

#: The console's folder, its page and the module that the page begins with.
FOLDER, PAGE, ENTRY = "console", "console/index.html", "console/app.js"
#: What is made: one module, one style sheet.
CORE, STYLE = "console/core.js", "console/all.css"
#: Libraries are files of their own: not every agent needs them, and they change less often.
LIBRARIES = "console/vendor/"

_IMPORT = re.compile(
    r'^import\s+(?:\{([^}]*)\}|\*\s+as\s+([\w$]+))\s*from\s*"([^"]+)";[ \t]*\n?', re.MULTILINE
)
_AS = re.compile(r"\s+as\s+")
_LATER = re.compile(r'\bimport\("(\.[^"]+)"\)')
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|class|const)\s+([\w$]+))", re.MULTILINE)
#: What is left of `import` and `export` in the code, comments aside.
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_COMMENTS = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)
_MODULE_TAG = '<script type="module" src="/console/app.js"></script>'
_STYLE_TAG = re.compile(r'\s*<link rel="stylesheet" href="/([^"]+)" />')


@cache
def pack_console(root: Path) -> dict[str, str]:
    """Return the text of each file that is made, by its name below `root`.

    Raises:
        BundleError: a module is written in a way that is not understood.
    """
    core: dict[str, _Module] = {}
    for name in _Module(root, ENTRY).needs:
        _collect(root, name, core, above=(ENTRY,))
    made = {CORE: "\n".join([_libraries(core), "export const $={};", _tables(core), _blocks(core)])}
    for name in _entries(root):
        if name not in core:
            made[name] = _beside(root, name, core)
    page = (root / PAGE).read_text("utf-8")
    made[STYLE] = "".join((root / name).read_text("utf-8") for name in _STYLE_TAG.findall(page))
    made[PAGE] = _STYLE_TAG.sub("", page).replace(
        _MODULE_TAG,
        f'<link rel="stylesheet" href="/{STYLE}" />\n'
        f'    <link rel="modulepreload" href="/{CORE}" />\n    {_MODULE_TAG}',
    )
    return made


def _entries(root: Path) -> list[str]:
    """Return the module that the page begins with, and those that are loaded later."""
    modules = (path.relative_to(root).as_posix() for path in (root / FOLDER).rglob("*.js"))
    own = [name for name in sorted(modules) if not name.startswith(LIBRARIES)]
    later = {target for name in own for target in _Module(root, name).later}
    return [ENTRY, *sorted(later)]


def _beside(root: Path, name: str, core: dict[str, "_Module"]) -> str:
    """Return a module that is loaded later, with all that it needs beside the core."""
    found: dict[str, _Module] = dict(core)
    _collect(root, name, found, above=())
    own = {each: module for each, module in found.items() if each not in core}
    exports = ",".join(own[name].exports)
    shown = f'export const{{{exports}}}=$["{name}"];' if exports else ""
    head = f'import{{$}}from"/{CORE}";'
    return "\n".join([head, _libraries(own), _tables(own), _blocks(own), shown])


def _collect(root: Path, name: str, found: dict[str, "_Module"], *, above: tuple[str, ...]) -> None:
    """Add a module after those that it needs."""
    if name in found:
        return
    if name in above:
        circle = " → ".join((*above[above.index(name) :], name))
        raise BundleError(f"{circle}: modules import each other in a circle; move what both need")
    module = _Module(root, name)
    if not name.startswith(LIBRARIES):
        for needed in module.needs:
            _collect(root, needed, found, above=(*above, name))
    found[name] = module


def _of_libraries(modules: dict[str, "_Module"]) -> list[str]:
    return [name for name in modules if name.startswith(LIBRARIES)]


def _libraries(modules: dict[str, "_Module"]) -> str:
    names = _of_libraries(modules)
    return "".join(f'import*as v{i} from"/{name}";' for i, name in enumerate(names))


def _tables(modules: dict[str, "_Module"]) -> str:
    return "".join(f'$["{name}"]=v{i};' for i, name in enumerate(_of_libraries(modules)))


def _blocks(modules: dict[str, "_Module"]) -> str:
    own = (module for name, module in modules.items() if not name.startswith(LIBRARIES))
    return "\n".join(module.block() for module in own)


class _Module:
    """One module's text, and what it imports."""

    def __init__(self, root: Path, name: str) -> None:
        """Read `name` below `root`. Raises BundleError."""
        self._name = name
        try:
            self._text = (root / name).read_text("utf-8")
        except OSError as error:
            raise BundleError(f"{name}: cannot be read: {error.strerror}") from error
        self.needs = [self._address(address) for *_, address in _IMPORT.findall(self._text)]
        code = _COMMENTS.sub("", self._text)
        self.later = [self._address(address) for address in _LATER.findall(code)]
        self.exports: list[str] = _EXPORT.findall(self._text)

    def block(self) -> str:
        """Return it as a block that runs once, in whichever file it comes first."""
        exports = ",".join(self.exports)
        text = _EXPORT.sub("", _IMPORT.sub(self._taken, self._text))
        if left := _LEFT.search(_COMMENTS.sub("", text)):
            raise BundleError(
                f"{self._name}: `{left[0].strip()}` cannot be joined; use `import {{ name }} from "
                '"./path.js"` and `export` before a function, class or const'
            )
        table = f'$["{self._name}"]'
        text = f"{self._anchored(text)}\n{table}={{{exports}}};"
        if self._name == ENTRY:  # it alone may `await`: nothing needs it
            return f"await(async()=>{{{text}}})();"
        return f"if(!{table})(()=>{{{text}}})();"

    def _taken(self, found: re.Match[str]) -> str:
        names, whole, address = found.groups()
        table = f'$["{self._address(address)}"]'
        if whole:
            return f"const {whole}={table};\n"
        return f"const {{{_AS.sub(':', names)}}}={table};\n"

    def _anchored(self, text: str) -> str:
        """Let what is loaded later be found from wherever the text stands."""
        return _LATER.sub(lambda found: f'import("/{self._address(found[1])}")', text)

    def _address(self, relative: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(self._name), relative))
