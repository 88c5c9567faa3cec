"""What a file is, is said by its content."""

import pytest

from handoff_service.attachments.content import find_kind
from handoff_service.attachments.kinds import (
    DEFAULT_KINDS,
    KINDS,
    NAME_CHARS,
    accepted,
    clean_name,
    read_kinds,
)
from handoff_service.refusals import AttachmentKind
from tests.handoff_service.attachments.samples import (
    PDF,
    archive,
    bomb_png,
    film,
    gif_that_is_a_script,
    office,
    picture,
)

ALL = frozenset(KINDS)


def said(value):
    """Name a case by its words: contents hold the time they were packed."""
    return value if isinstance(value, str) else "file"


def kind_of(tmp_path, content, name, allowed=ALL):
    path = tmp_path / "file"
    path.write_bytes(content)
    return find_kind(path, name, allowed=allowed).name


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (picture("PNG"), "a.png", "png"),
        (picture("JPEG"), "a.jpg", "jpg"),
        (picture("WEBP"), "a.webp", "webp"),
        (film("GIF"), "a.gif", "gif"),
        (picture("PNG"), "a.jpg", "png"),
        (PDF, "a.pdf", "pdf"),
        (PDF, "a.txt", "pdf"),
        ("Ошибка E42\n".encode(), "a.log", "log"),
        ("\ufeff이름,값\n가,1\n".encode(), "a.csv", "csv"),
        ("setup;done".encode("utf-16"), "a.txt", "txt"),
        (b'{"error": 42}', "a.json", "json"),
        (b"<13>Nov 22 10:00:00 hub kernel: up", "syslog", "txt"),
        (b"\x1b[31mred\x1b[0m line", "console.log", "log"),
        (b"just words", "run.bat", "txt"),
        (office(), "a.docx", "docx"),
        (office("xl/workbook.xml"), "a.xlsx", "xlsx"),
        (archive(**{"a.txt": "a"}), "a.zip", "zip"),
    ],
    ids=said,
)
def test_content_says_what_a_file_is(tmp_path, content, name, kind):
    assert kind_of(tmp_path, content, name) == kind


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<!DOCTYPE html><script>alert(1)</script>", "a.png"),
        (b"\n\t <html><body onload=alert(1)>", "a.txt"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "a.svg"),
        (b"<?xml version='1.0'?><svg/>", "a.txt"),
        (b"#!/bin/sh\nrm -rf ~\n", "a.txt"),
        (b"MZ\x90\x00\x03" + b"\x00" * 200, "a.pdf"),
        (b"\x7fELF\x02\x01\x01" + b"\x00" * 200, "a.txt"),
        (b"\x00\x01\x02\x03 binary", "a.txt"),
        (b"", "a.txt"),
        (b"   \n", "a.txt"),
        (b"\xfa\xfb broken", "a.txt"),
        (PDF + archive(**{"evil.class": "x"}), "a.pdf"),
        (picture("PNG") + archive(**{"evil.class": "x"}), "a.png"),
        (office(**{"word/vbaProject.bin": "macro"}), "a.docx"),
        (archive(zeros=b"\0" * 50_000_000), "bomb.zip"),
        (archive(**{f"{number}": "" for number in range(2_001)}), "many.zip"),
        (archive(a="a")[:-30], "cut.zip"),
    ],
    ids=said,
)
def test_what_runs_hides_or_explodes_is_refused(tmp_path, content, name):
    with pytest.raises(AttachmentKind):
        kind_of(tmp_path, content, name)


def test_a_gif_that_is_a_script_is_at_most_an_image(tmp_path):
    assert kind_of(tmp_path, gif_that_is_a_script(), "a.js") == "gif"


def test_a_bomb_of_pixels_is_an_image_which_the_decoder_will_refuse(tmp_path):
    assert kind_of(tmp_path, bomb_png(), "a.png") == "png"


def test_kinds_that_are_not_set_are_refused(tmp_path):
    with pytest.raises(AttachmentKind):
        kind_of(tmp_path, archive(**{"a.txt": "a"}), "a.zip", allowed=frozenset(DEFAULT_KINDS))
    with pytest.raises(AttachmentKind):
        kind_of(tmp_path, PDF, "a.pdf", allowed={"png"})


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("photo.jpg", "photo.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\bill.pdf", "bill.pdf"),
        ("bill\u202egpj.exe", "billgpj.exe"),
        ("a\x00b\nc.txt", "abc.txt"),
        ('a"b<c>:d.txt', "a_b_c_d.txt"),
        ("영수증.pdf", "영수증.pdf"),
        (" . ", "file"),
        ("", "file"),
        ("\u200b\u200b", "file"),
    ],
)
def test_names_are_cleaned(raw, name):
    assert clean_name(raw) == name


def test_a_huge_name_is_cut_and_keeps_its_extension():
    name = clean_name("я" * 5_000 + ".pdf")

    assert len(name) == NAME_CHARS
    assert name.endswith("я.pdf")


@pytest.mark.parametrize(
    ("kind", "name", "named"),
    [
        ("jpg", "photo.JPEG", "photo.JPEG"),
        ("png", "page.html", "page.html.png"),
        ("txt", "run.bat", "run.bat.txt"),
        ("pdf", "bill", "bill.pdf"),
    ],
)
def test_an_extension_that_lies_gets_the_true_one_behind_it(kind, name, named):
    assert KINDS[kind].named(name) == named


def test_the_setting_names_kinds():
    assert read_kinds("PNG, pdf png") == ("png", "pdf")
    assert accepted(("jpg", "pdf")) == "image/jpeg,.jpg,.jpeg,.pdf"
    for wrong in ("", "exe", "png svg"):
        with pytest.raises(ValueError):
            read_kinds(wrong)
