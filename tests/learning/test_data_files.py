"""Faults of training files are named with file, line and remedy, all at once."""

from pathlib import Path

import pytest

from learning.data_files import check_files
from learning.errors import DataBroken

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path):
    """Return a function that writes a small project's files."""

    def write(**files):
        contents = {
            "domain/domain.yml": "intents:\n  - greet\n  - bye: {use_entities: []}\n",
            "data/nlu/greet.yml": "nlu:\n  - intent: greet\n    examples: |\n      - hi\n",
        } | {name.replace("__", "/") + ".yml": text for name, text in files.items()}
        for name, text in contents.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path / "data", tmp_path / "domain"

    return write


def problems(data, domain):
    with pytest.raises(DataBroken) as refused:
        check_files(data, domain)
    return [line.removeprefix(f"{data.parent}/") for line in refused.value.problems]


def test_a_sound_project_passes(project):
    check_files(*project())


def test_this_projects_files_are_sound():
    check_files(ROOT / "data", ROOT / "bot" / "domain")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nlu:\n  - intent: greet\n    examples: |\n   - hi\n", "data/nlu/x.yml:4: not YAML"),
        ("nlu: [", "data/nlu/x.yml:1: not YAML"),
        ("just words", "data/nlu/x.yml:1: expected keys"),
        ("", "data/nlu/x.yml:1: expected keys"),
        ("intents: []\n", "data/nlu/x.yml:1: expected a list under `nlu:`"),
        ("nlu:\n  - intent: fly\n    examples: |\n      - hi\n",
         "data/nlu/x.yml:2: unknown intent 'fly'"),
        ("nlu:\n  - examples: |\n      - hi\n", "data/nlu/x.yml:2: an entry without `intent:`"),
        ("nlu:\n  - intent: bye\n", "data/nlu/x.yml:2: bye has no `examples: |`"),
        ("nlu:\n  - intent: bye\n    examples: |\n      - ok\n      see you\n",
         "data/nlu/x.yml:5: a phrase must start with '- ': 'see you'"),
        (b"nlu:\n  - \xff\n", "data/nlu/x.yml:1: not UTF-8"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(project, text, expected):
    [problem] = problems(*project(data__nlu__x=text))

    assert problem.startswith(expected)


def test_all_faults_are_named_together(project):
    found = problems(
        *project(
            data__nlu__x="nlu: [",
            data__rules__y="rules: 3",
            domain__z="a: b: c",
            data__products="products: 3",
        )
    )

    assert [problem.split(":")[0] for problem in found] == [
        "domain/z.yml", "data/nlu/x.yml", "data/rules/y.yml",
        "data/products.yml",
    ]  # fmt: skip
