"""The console's modules as they are joined: each keeps its scope, and nothing is there twice."""

import re
import shutil
import subprocess

import pytest

from handoff_service.errors import BundleError
from handoff_service.web.assets import WEB_ROOT
from handoff_service.web.console_pack import pack_console

NODE = shutil.which("node")
IMPORTED = re.compile(r'\bfrom\s*"/([^"]+)"')
PAGE = """<head>
    <link rel="stylesheet" href="/console/one.css" />
    <link rel="stylesheet" href="/console/two.css" />
    <script type="module" src="/console/app.js"></script>
</head>"""


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a console and returns its folder."""

    def files(**texts):
        folder = tmp_path / "console"
        (folder / "sections").mkdir(parents=True, exist_ok=True)
        (folder / "vendor").mkdir(exist_ok=True)
        (folder / "index.html").write_text(PAGE)
        (folder / "one.css").write_text("a {}\n")
        (folder / "two.css").write_text("b {}\n")
        for name, text in texts.items():
            (folder / f"{name.replace('__', '/')}.js").write_text(text)
        return tmp_path

    return files


def run(folder, packed):
    """Run `app.js` as a browser would, addresses made those of files."""
    if NODE is None:
        pytest.skip("node is not installed")
    for name, text in packed.items():
        (folder / name).write_text(text.replace('"/console/', f'"{folder}/console/'))
    (folder / "package.json").write_text('{"type": "module"}')
    done = subprocess.run(
        [NODE, folder / "console/app.js"], capture_output=True, text=True, check=True, timeout=20
    )
    return done.stdout.split()


def test_modules_run_once_in_order_and_share_what_they_hold(write):
    folder = write(
        app='import { add } from "./held.js";\nimport * as named from "./names.js";\n'
        'add("app");\nconst { open } = await named.later();\nawait open();\n',
        held='import { word as said } from "./words.js";\nimport { lib } from "./vendor/lib.js";\n'
        "const list = [said, lib];\nexport function add(name) {\n  list.push(name);\n"
        '  console.log(list.join("-"));\n}\n',
        names='const list = "another";\nexport const later = () => import("./sections/s.js");\n'
        "export class Names {\n  list = list;\n}\n",
        words='/** import("./nowhere.js") */\nconsole.log("once");\nexport const word = "word";\n',
        vendor__lib='export const lib = "lib";\n',
        sections__s='import { add } from "../held.js";\nimport { own } from "./own.js";\n'
        'import { word } from "../words.js";\nimport { lib } from "../vendor/lib.js";\n'
        "export async function open() {\n  add(own + word + lib);\n}\n",
        sections__own='export const own = "own";\n',
    )

    packed = pack_console(folder)

    assert run(folder, packed) == ["once", "word-lib-app", "word-lib-app-ownwordlib"]
    assert set(packed) == {
        "console/core.js",
        "console/all.css",
        "console/index.html",
        "console/app.js",
        "console/sections/s.js",
    }
    assert packed["console/all.css"] == "a {}\nb {}\n"
    assert re.findall(r'(?:href|src)="([^"]+)"', packed["console/index.html"]) == [
        "/console/all.css",
        "/console/core.js",
        "/console/app.js",
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("export default 1;\n", "console/held.js: `export default 1;`"),
        ("export let a = 1;\n", "console/held.js: `export let a"),
        ('export { a } from "./words.js";\n', "console/held.js: `export { a }"),
        ('import word from "./words.js";\n', "console/held.js: `import word"),
        ('import { a } from "./none.js";\n', "console/none.js: cannot be read"),
        ('import { a } from "./app.js";\n', "console/app.js → console/held.js → console/app.js"),
    ],
)
def test_what_cannot_be_joined_is_named(write, text, complaint):
    folder = write(app='import { a } from "./held.js";\n', held=text, words="")

    with pytest.raises(BundleError, match=re.escape(complaint)):
        pack_console(folder)


def test_what_two_files_bring_runs_once(write):
    folder = write(
        app='await (await import("./sections/s.js")).open();\n'
        'await (await import("./other.js")).open();\n',
        other='import { count } from "./sections/own.js";\nexport const open = count;\n',
        sections__s='import { count } from "./own.js";\nexport const open = count;\n',
        sections__own="let calls = 0;\nexport function count() {\n  calls += 1;\n"
        "  console.log(calls);\n}\n",
    )

    assert run(folder, pack_console(folder)) == ["1", "2"]


def test_the_real_console_is_few_files():
    packed = pack_console(WEB_ROOT)
    sections = {path.name for path in (WEB_ROOT / "console/sections").iterdir() if path.is_dir()}

    asked = {address for text in packed.values() for address in IMPORTED.findall(text)}

    assert {f"console/sections/{name}/index.js" for name in sections} <= packed.keys()
    assert all(name.startswith("console/vendor/") for name in asked - {"console/core.js"}), asked
