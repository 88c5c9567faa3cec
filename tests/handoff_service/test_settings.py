"""The environment becomes settings, or one list of everything that is wrong with it."""

from pathlib import Path

import pytest

from handoff_service.errors import SettingsError
from handoff_service.settings import Settings

SECRETS = {
    "BATON_INTERNAL_SECRET": "i" * 16,
    "BATON_SIGNING_KEY": "s" * 16,
    "BATON_RASA_TOKEN": "r" * 16,
}


def test_three_secrets_are_enough():
    settings = Settings.from_env(SECRETS)

    assert settings.desk == "main"
    assert settings.kb_path == Path("var/kb")


def test_every_problem_is_told_at_once_with_name_value_and_form():
    environ = {
        "BATON_PORT": "eighty",
        "BATON_REDIS_URL": "http://:hunter2@localhost",
        "BATON_SIGNING_KEY": "short",
    }

    with pytest.raises(SettingsError) as caught:
        Settings.from_env(environ)

    text = str(caught.value)
    assert "BATON_PORT: 'eighty' is not a whole number 0…65535" in text
    assert "BATON_REDIS_URL: 'http://…@localhost' is not a redis://" in text
    assert "BATON_INTERNAL_SECRET: missing" in text
    assert "BATON_SIGNING_KEY" in text
    assert "short" not in text.replace("BATON_SIGNING_KEY", "")


@pytest.mark.parametrize(
    ("name", "raw", "expected"),
    [
        ("BATON_ALLOWED_ORIGINS", "https://a.example, https://b.example/", 2),
        ("BATON_ALLOWED_ORIGINS", "https://a.example", 1),
    ],
)
def test_origins_are_a_list(name, raw, expected):
    assert len(Settings.from_env({**SECRETS, name: raw}).allowed_origins) == expected


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("BATON_PORT", "70000"),
        ("BATON_DESK", "a desk"),
        ("BATON_DESK", "{main}"),
        ("BATON_PUBLIC_URL", "ftp://x"),
        ("BATON_ALLOWED_ORIGINS", "a.example"),
        ("BATON_SQL_URL", "mysql://x"),
        ("BATON_LOG_LEVEL", "loud"),
        ("BATON_OFFER_TIMEOUT_S", "0"),
        ("BATON_TONE", "ru=warm"),
    ],
)
def test_a_value_out_of_form_is_refused_by_name(name, raw):
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({**SECRETS, name: raw})


def test_no_secret_is_printed():
    settings = Settings.from_env({**SECRETS, "BATON_REDIS_URL": "redis://:hunter2@127.0.0.1/0"})

    for secret in (*SECRETS.values(), "hunter2"):
        assert secret not in repr(settings)


def test_the_table_has_a_row_for_every_setting():
    rows = {row.name: row for row in Settings.table()}

    assert rows["BATON_SIGNING_KEY"].default == "(required)"
    assert rows["BATON_OFFER_TIMEOUT_S"].default == "30"
    assert all(row.help and row.form for row in rows.values())


DOCS = Path(__file__).parents[2] / "docs" / "settings.md"


def _documented():
    """Return the table rows of the service's section, as they stand on the page."""
    section = DOCS.read_text("utf-8").split("## Service\n")[1].split("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("| `BATON_")]


def test_the_page_of_settings_says_what_the_service_reads_and_nothing_else():
    rows = [
        f"| `{row.name}` | {row.default or '(none)'} | {row.form} | {row.help} |"
        for row in Settings.table()
    ]

    assert _documented() == rows, "docs/settings.md, section Service, should be:\n" + "\n".join(
        rows
    )
