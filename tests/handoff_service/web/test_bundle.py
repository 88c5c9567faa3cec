"""Modules joined into one script: in order, nothing exported, or a clear word on why not."""

import shutil
import subprocess

import pytest

from handoff_service.errors import BundleError
from handoff_service.web.assets import WEB_ROOT
from handoff_service.web.bundle import as_call, as_script, bundle

NODE = shutil.which("node")


@pytest.fixture
def write(tmp_path):
    """Return a function that writes modules and returns the folder."""

    def files(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.js").write_text(text)
        return tmp_path

    return files


def run(script):
    if NODE is None:
        pytest.skip("node is not installed")
    done = subprocess.run([NODE, "-"], input=script, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_modules_run_once_each_and_after_what_they_import(write):
    folder = write(
        entry='import { two } from "./two.js";\nimport {\n  one,\n} from "./one.js";\n'
        "console.log('entry', one, two(), await Promise.resolve(3));\n",
        two='import { one } from "./one.js";\nconsole.log("two");\n'
        "export function two() {\n  return one + 1;\n}\n",
        one='console.log("one");\nexport const one = 1;\n',
    )

    script = as_script(bundle(folder / "entry.js", root=folder))

    assert run(script) == ["one", "two", "entry", "1", "2", "3"]


def test_a_script_is_told_something_and_leaves_no_name_behind(write):
    folder = write(entry="const kept = SITE.name;\nconsole.log(kept);\n")

    call = as_call(
        bundle(folder / "entry.js", root=folder), parameter="SITE", argument='{"name":"x"}'
    )

    assert run(call + "console.log(typeof kept, typeof SITE);") == ["x", "undefined", "undefined"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("export default 1;\n", "entry.js: `export default 1;`"),
        ('import * as all from "./other.js";\n', "entry.js: `import * as"),
        ('import other from "./other.js";\n', "entry.js: `import other"),
        ('import { a as b } from "./other.js";\n', "without `as`"),
        ('export { a } from "./other.js";\n', "entry.js: `export { a }"),
        ('const later = () => import("./other.js");\n', 'entry.js: `import("./other.js")'),
        ("const here = import.meta.url;\n", "entry.js: `import.meta"),
        ('import { a } from "three";\n', "three is no path"),
        ('import { a } from "./none.js";\n', "none.js: cannot be read"),
        ('import { a } from "../../outside.js";\n', "outside.js: lies outside"),
        ('import { a } from "./circle.js";\n', "entry.js → circle.js → entry.js"),
        ('import { a } from "./other.js";\nconst b = 2;\n', "b (other.js, entry.js)"),
        ('import { a } from "./other.js";\nconst { x: b, c } = a;\n', "b (other.js, entry.js)"),
        ('import { a } from "./other.js";\nasync function b() {}\n', "b (other.js, entry.js)"),
    ],
)
def test_what_cannot_be_joined_is_named(write, text, complaint):
    folder = write(
        entry=text,
        other="export const a = {};\nexport class b {}\n",
        circle='import { e } from "./entry.js";\nexport const a = 1;\n',
    )

    with pytest.raises(BundleError) as caught:
        bundle(folder / "entry.js", root=folder)

    assert complaint in str(caught.value)


def test_types_in_comments_are_not_imports(write):
    folder = write(
        entry='/** @typedef {import("./other.js").Frame} Frame */\n'
        'const x = /** @type {import("./other.js").Frame} */ (1);\n// import("./other.js")\n',
    )

    assert "const x" in bundle(folder / "entry.js", root=folder)


@pytest.mark.parametrize("entry", ["widget/app.js", "widget/loader.js"])
def test_the_widget_can_be_joined(entry):
    assert bundle(WEB_ROOT / entry, root=WEB_ROOT)
