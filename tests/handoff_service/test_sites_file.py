"""The file of the widget's sites: what it may say, and how each mistake is told."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from handoff_service.contrast import palette
from handoff_service.errors import SitesError
from handoff_service.sites import (
    IdentityPolicy,
    Site,
    Sites,
    SurveyAfter,
    SurveyRule,
    SurveyRules,
)
from handoff_service.sites_file import find_sites, read_sites

ROOT = Path(__file__).resolve().parents[2]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'
GOOD = """\
sites:
  default: {theme: dark}
  shop:
    origins: [https://shop.example, "https://*.shop.example:8443"]
    name: A shop
    colour: "#c00"
    logo: mark.svg
    position: start
    offset: [8, 12]
    sound: false
    texts:
      en: {title: Ask the shop, launcher_open: Ask us}
    suggestions:
      ko: ["배송은 언제 오나요?"]
    identity: required
    identity_keys: ["2026-11"]
    attachments: no
    contact_hours: false
    survey:
      csat: {after: [person, answer], share: 0.5}
      nps: {share: .1, again_days: 90}
      again_days: 14
"""


@pytest.fixture
def written(tmp_path):
    (tmp_path / "mark.svg").write_bytes(SVG)

    def write(text):
        file = tmp_path / "widget.yml"
        file.write_text(text, "utf-8")
        return file

    return write


def test_what_a_file_may_say(written):
    sites = read_sites(written(GOOD))
    shop = sites.find("shop")

    person = frozenset({SurveyAfter.PERSON})
    assert shop == Site(
        key="shop",
        origins=("https://shop.example", "https://*.shop.example:8443"),
        name="A shop",
        colours=palette("#c00"),
        logo=shop.logo,
        position="start",
        offset=(8, 12),
        sound=False,
        texts={"en": {"title": "Ask the shop", "launcher_open": "Ask us"}},
        suggestions={"ko": ("배송은 언제 오나요?",)},
        identity=IdentityPolicy.REQUIRED,
        identity_keys=("2026-11",),
        attachments=False,
        contact_hours=False,
        survey=SurveyRules(
            csat=SurveyRule(after=person | {SurveyAfter.ANSWER}, share=0.5, again_days=14),
            nps=SurveyRule(after=person, share=0.1, again_days=90),
        ),
    )
    assert shop.logo.body == SVG
    assert shop.logo.content_type == "image/svg+xml"
    assert sites.default == Site(theme="dark")


def test_pages_are_told_what_differs_from_the_usual_and_each_only_its_own(written):
    shop = read_sites(written(GOOD)).find("shop")

    assert Site().for_loader() == Site().for_frame() == {}
    assert shop.for_loader() == {
        "site": "shop",
        "colours": {"light": ["#cc0000", "#ffffff"], "dark": ["#cc0000", "#ffffff"]},
        "position": "start",
        "offset": [8, 12],
        "labels": {"en": ["Ask us", ""]},
    }
    frame = shop.for_frame()
    assert frame["texts"] == {"en": {"title": "Ask the shop"}}
    assert frame["logo"] == f"/site/shop/logo?v={shop.logo.version}"
    assert not {"origins", "identity_keys", "survey"} & frame.keys()


def test_a_script_tag_may_wish_another_colour_and_theme_and_nonsense_changes_nothing():
    wished = Site().wished({"colour": "#c00", "theme": "dark", "name": "x"})

    assert wished == Site(colours=palette("#c00"), theme="dark")
    assert wished.for_frame()["colours"]["--brand"] == "light-dark(#cc0000,#cc0000)"
    assert Site().wished({"colour": "red;}", "theme": "pink"}) == Site().wished({}) == Site()


def test_a_name_that_nobody_knows_is_the_default_site(written):
    sites = read_sites(written(GOOD))
    unnamed = read_sites(written("sites: {one: {name: One}, two: {name: Two}}"))

    assert sites.find("nowhere") is sites.default
    assert (sites.known("shop"), sites.known("nowhere")) == (True, False)
    assert unnamed.default.name == "One"


def test_the_setting_adds_origins_to_the_default_site_alone(written):
    sites = read_sites(written(GOOD)).with_origins(("https://a.example",))

    assert sites.default.origins == ("https://a.example",)
    assert "https://a.example" not in sites.find("shop").origins
    assert Sites().with_origins(("https://a.example",)).default.origins == ("https://a.example",)


def test_the_projects_own_file_can_be_read():
    sites = find_sites(ROOT / "data" / "widget.yml")

    assert sites.default.for_frame() == {}
    assert set(sites.find("havelo").suggestions) == {"en", "zh-Hans", "zh-Hant", "ru", "ko"}


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_file_and_none_at_all_are_the_one_usual_site(text, written, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path / "..")

    assert read_sites(written(text)) == find_sites(None) == Sites((Site(),))


def test_a_chosen_file_that_is_missing_is_named(tmp_path):
    with pytest.raises(SitesError, match=r"none\.yml: cannot be read"):
        find_sites(tmp_path / "none.yml")


LONG = "x" * 301
WRONG = {
    "shops: {}": "1: 'shops' is unknown; expected sites",
    "sites: [a]": "1: expected sites by name",
    "sites:\n  My Shop: {sound: true}": "2: 'My Shop' cannot be used; expected shop or shop-2",
    "sites: {a: {color: x}}": "1: 'color' is unknown; expected attachments, colour",
    "sites:\n  a:\n    origins: [shop.example]": "3: 'shop.example' cannot be used",
    "sites: {a: {origins: ['https://*']}}": "1: 'https://*' cannot be used",
    "sites: {a: {origins: ['https://a.example/path']}}": "1: 'https://a.example/path' cannot be",
    "sites: {a: {origins: [\"https://a.example; script-src *\"]}}": "1: 'https://a.example; ",
    "sites: {a: {origins: https://a.example}}": "1: expected origins: [https://shop.example]",
    "sites:\n  a:\n    colour: red": "3: 'red' is no colour; expected one such as \"#0b6e5f\"",
    "sites:\n  a:\n    colour: #0b6e5f\n    sound: true": "3: expected plain text",
    "sites: {a: {colour_dark: '#000'}}": "1: colour_dark: of which colour?",
    "sites: {a: {logo: none.png}}": "1: logo: none.png cannot be read",
    "sites: {a: {logo: ../x.png}}": "1: '../x.png' is neither a file beside this one nor",
    "sites: {a: {logo: //evil.example/x.png}}": "1: '//evil.example/x.png' cannot be used",
    "sites: {a: {logo: widget.yml}}": "1: logo: widget.yml is not an SVG, PNG or WebP file",
    "sites: {a: {theme: black}}": "1: 'black' is unknown; expected system, light, dark",
    "sites: {a: {position: left}}": "1: 'left' is unknown; expected end, start",
    "sites: {a: {offset: [1]}}": "1: offset: expected two numbers",
    "sites: {a: {offset: [1, 999]}}": "1: '999' is not a whole number 0…400",
    "sites: {a: {sound: loud}}": "1: 'loud' is neither true nor false",
    "sites: {a: {texts: {fr: {title: x}}}}": "1: 'fr' is unknown; expected en, zh-Hans",
    "sites: {a: {texts: {en: {titel: x}}}}": "1: 'titel' is no string of the widget",
    "sites: {a: {texts: {en: {too_long: x}}}}": "1: 'too_long' has plural forms",
    "sites: {a: {texts: {en: {with_person: 'With {who}'}}}}": "1: {who} is not filled in here; "
    "with_person is given {name}",
    f"sites: {{a: {{texts: {{en: {{title: {LONG}}}}}}}}}": "1: expected one line of at most 300",
    "sites: {a: {suggestions: {en: [a, b, c, d, e, f, g]}}}": "1: 7 suggestions; at most 6 do",
    "sites: {a: {identity: always}}": "1: 'always' is unknown; expected off, optional, required",
    "sites: {a: {identity_keys: [a b]}}": "1: 'a b' cannot be used; expected an id of a secret",
    "sites: {a: {survey: often}}": "1: survey: expected csat, ces, nps and again_days, or off",
    "sites: {a: {survey: {csat: {share: 2}}}}": "1: '2' is no share; expected 0 … 1",
    "sites: {a: {survey: {csat: {share: 1.5}}}}": "1: '1.5' is no share",
    "sites: {a: {survey: {csat: {after: lunch}}}}": "1: 'lunch' is unknown; expected person",
    "sites: {a: {survey: {again_days: 0}}}": "1: '0' is not a whole number 1…3650",
    "sites: {a": "1: is not YAML",
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_each_mistake_is_told_with_its_line(text, written):
    file = written(text)

    with pytest.raises(SitesError) as told:
        read_sites(file)

    assert any(f"{file}:{WRONG[text]}" in problem for problem in told.value.problems), told.value


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"x" * 40_000, "40000 bytes; at most 32768"),
        (b"<!DOCTYPE svg [<!ENTITY a 'b'>]>" + SVG, "holds a document type"),
        (b"<html/>", "is not an SVG"),
        (b"GIF89a", "is not an SVG"),
    ],
)
def test_what_is_no_small_picture_is_no_logo(body, why, written, tmp_path):
    (tmp_path / "brand").write_bytes(body)

    with pytest.raises(SitesError, match=why):
        read_sites(written("sites: {a: {logo: brand}}"))


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n" + SVG, "image/svg+xml"),
    ],
)
def test_a_logo_is_what_it_holds_whatever_its_name(body, content_type, written, tmp_path):
    (tmp_path / "brand.jpg").write_bytes(body)

    site = read_sites(written("sites: {a: {logo: brand.jpg}}")).find("a")

    assert site.logo.content_type == content_type


def test_all_mistakes_are_told_at_once(written):
    with pytest.raises(SitesError) as told:
        read_sites(written("sites:\n  a: {theme: x}\n  b:\n    offset: 3\n    sound: perhaps\n"))

    lines = [problem.split(":")[1] for problem in told.value.problems]
    assert lines == ["2", "4", "4", "5"]


@given(st.text(max_size=80))
def test_no_text_whatever_ends_in_anything_but_sites_or_a_clear_error(tmp_path_factory, text):
    file = tmp_path_factory.mktemp("any") / "widget.yml"
    file.write_text(text, "utf-8", errors="ignore")

    with contextlib.suppress(SitesError):
        read_sites(file)
