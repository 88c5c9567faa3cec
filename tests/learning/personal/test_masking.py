"""What is masked, what stays, and what holds of every text."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings, strategies as st

from learning.errors import InputBroken
from learning.personal.evaluation import LOCALES, below_bar, evaluate, read_sentences
from learning.personal.masking import mask
from learning.personal.numbers import is_snils, is_taiwanese
from learning.personal.spans import KINDS, OPEN, placeholder, plain, without_placeholders

ROOT = Path(__file__).resolve().parents[3]
SENTENCES = ROOT / "data" / "eval" / "personal"
#: Bits that tell of somebody, and bits that do not, to be put together in any order.
BITS = [
    *("ann@shop.example", "+7 916 123-45-67", "13812345678", "4111 1111 1111 1111", "8.8.8.8"),
    *("DE89 3704 0044 0532 0130 00", "my name is Ann Smith", "меня зовут Иван", "我叫王小明"),
    *("제 이름은 김민수입니다", "ул. Ленина, 5", "12 Oak Street", "建国路88号", "테헤란로 123"),
    *(
        "order 4155552671",
        "v2.3.1",
        "E-417",
        "‹email›",
        "‹",
        "›",
        " ",
        "\n",
        "，",
        "a",
        "１２３",
        "@",
    ),
    *("http://x.example/?token=abc", "паспорт 4509 123456", "900101-1234567", "112-233-445 95"),
]
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(BITS), max_size=8).map("".join),
    st.lists(st.sampled_from(BITS), max_size=8).map(" ".join),
)


@pytest.fixture(scope="module")
def measured():
    return evaluate(SENTENCES)


@pytest.mark.parametrize("locale", LOCALES)
def test_enough_is_found_and_little_else(measured, locale):
    assert below_bar({"languages": {locale: measured["languages"][locale]}}) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_there_are_enough_sentences_with_and_without_anything_personal(locale):
    sentences = read_sentences(SENTENCES / f"{locale}.jsonl")

    assert len(sentences) >= 120
    assert sum(not sentence.spans for sentence in sentences) >= 60
    assert len({sentence.text for sentence in sentences}) == len(sentences)
    assert {sentence.half for sentence in sentences} == {"tune", "held"}


def test_every_kind_is_in_the_sentences():
    kinds = {
        span.kind
        for locale in LOCALES
        for sentence in read_sentences(SENTENCES / f"{locale}.jsonl")
        for span in sentence.spans
    }

    assert kinds == set(KINDS)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from(LOCALES), st.sampled_from([(), ("Ann Smith",), ("Иван",)]))
@example("ann@shop.example 4111 1111 1111 1111", "en", ())
@example("‹email› ‹em", "en", ())
def test_masking_what_is_masked_changes_nothing_and_places_are_right(text, language, names):
    masked = mask(text, language=language, names=names)

    assert mask(masked.text, language=language, names=names).text == masked.text
    rendered, start = [], 0
    for span in masked.spans:
        assert start <= span.start < span.end <= len(text)
        rendered += [text[start : span.start], placeholder(span.kind)]
        start = span.end
    assert "".join([*rendered, text[start:]]) == masked.text
    assert sum(masked.counts.values()) == len(masked.spans)


@settings(max_examples=100, deadline=None)
@given(
    st.from_regex(
        r"[a-z0-9][a-z0-9._%+-]{0,12}[a-z0-9]@(mail\.example|example\.com)", fullmatch=True
    ),
    st.text(alphabet="абв где我的메일 .,!?", max_size=12),
)
def test_no_address_gets_through_whatever_stands_beside_it(address, beside):
    masked = mask(f"{beside}{address}{beside}", language="ru")

    assert "@" not in masked.text
    assert "example" not in masked.text


@given(st.text())
def test_plain_texts_are_as_long_as_they_were(text):
    assert len(plain(text)) == len(text)


@pytest.mark.parametrize(
    ("name", "text", "masked"),
    [
        ("Ann Smith", "Ann here, ANN! not annual", "‹name› here, ‹name›! not annual"),
        ("Will Moss", "will it reset? Will asks", "will it reset? ‹name› asks"),
        ("Анна Петрова", "Анне Петровой звонили", "‹name› звонили"),
        ("김민수", "김민수입니다", "‹name›입니다"),
        ("王小明", "我是王小明的朋友", "我是‹name›的朋友"),
        ("Al", "all of it, Al", "all of it, Al"),
        ("a@b.example", "a b example", "a b example"),
    ],
)
def test_names_that_are_known_are_found_wherever_they_stand(name, text, masked):
    assert mask(text, language="en", names=[name]).text == masked


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("order 4155552671", {}),
        ("заказ 79161234567", {}),
        ("订单号 13812345678", {}),
        ("주문번호 01012345678", {}),
        ("call 415-555-2671", {"phone": 1}),
        ("8-800-555-35-35", {}),
        ("4111 1111 1111 1111", {"card": 1}),
        ("4111 1111 1111 1112", {}),
        ("35 209900 176148 1", {}),
        ("GB82 WEST 1234 5698 7654 32", {"bank": 1}),
        ("GB82 WEST 1234 5698 7654 33", {}),
        ("11010519491231002X", {"id": 1}),
        ("110105194912310021", {}),
        ("112-233-445 95", {"id": 1}),
        ("112-233-445 96", {}),
        ("A123456789", {"id": 1}),
        ("A123456788", {}),
        ("900101-1234567", {"id": 1}),
        ("901301-1234567", {}),
        ("router 192.168.0.1, mine 93.184.216.34", {"ip": 1}),
        ("version 93.184.216.34", {}),
        ("MAC 00:1A:2B:3C:4D:5E at 10:45:30", {}),
        ("https://shop.example/hub?color=white", {}),
        ("https://shop.example/hub?token=abc", {"link": 1}),
        ("１３８１２３４５６７８", {"phone": 1}),
        ("to 15 Queen's Road, Cambridge CB2 1TN", {"address": 1}),
    ],
)
def test_a_check_digit_or_a_word_makes_the_difference(text, kinds):
    assert mask(text, language="en").counts == kinds


@pytest.mark.parametrize(
    "address",
    [
        "15 Queen's Road, Cambridge CB2 1TN",
        "1100 S Wabash Ave, Suite 5, Chicago, IL",
        "г. Тверь, ул. Советская, д. 34, кв. 5",
        "北京市海淀区中关村大街27号2单元301",
        "台北市中山區民生東路三段10號7樓之1",
        "서울특별시 종로구 세종대로 175, 3층",
    ],
)
def test_an_address_is_masked_to_its_end(address):
    assert mask(f"{address}.", language="en").text == "‹address›."


def test_the_check_digits_of_our_own():
    assert is_snils("11223344595")
    assert not is_snils("11223344596")
    assert not is_snils("00100199800")
    assert is_taiwanese("A123456789")
    assert not is_taiwanese("B123456789")


@pytest.mark.parametrize(
    ("masked", "left"),
    [
        ("my name is ‹name›, reset it", "my name is, reset it"),
        ("‹phone›", ""),
        ("call ‹phone›!", "call!"),
        ("nothing", "nothing"),
    ],
)
def test_marks_can_be_taken_out(masked, left):
    assert without_placeholders(masked) == left


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        '{"text": "a", "spans": [], "half": "other"}',
        '{"text": "a", "spans": [{"start": 0, "end": 9, "kind": "email"}], "half": "tune"}',
        '{"text": "a", "spans": [{"start": 0, "end": 1, "kind": "moon"}], "half": "tune"}',
    ],
)
def test_a_line_that_is_no_sentence_is_named(tmp_path, line):
    file = tmp_path / "en.jsonl"
    file.write_text(f'{{"text": "a", "spans": [], "half": "tune"}}\n{line}\n')

    with pytest.raises(InputBroken, match=r"en\.jsonl:2"):
        read_sentences(file)


def run(*arguments, words=""):
    return subprocess.run(
        [sys.executable, "-m", "baton", "learn", "mask", *arguments],
        input=words, capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip


def test_the_command_masks_lines():
    done = run("--language", "ko", "--name", "김민수", words="김민수, a@b.example\n안녕\n")

    assert (done.returncode, done.stdout) == (0, "‹name›, ‹email›\n안녕\n")
    told = json.loads(run("--json", words="a@b.example\n").stdout)
    assert told == {"text": f"{OPEN}email›", "counts": {"email": 1}}


def test_the_command_measures_and_says_when_it_is_too_little(tmp_path):
    told = run("--evaluate", "--json")
    assert told.returncode == 0, told.stderr
    assert set(json.loads(told.stdout)["languages"]) == set(LOCALES)

    sentence = {"text": "Tyler", "spans": [{"start": 0, "end": 5, "kind": "name"}]}
    for locale in LOCALES:
        lines = [json.dumps(sentence | {"half": half}) for half in ("tune", "held")]
        (tmp_path / f"{locale}.jsonl").write_text("\n".join(lines))
    poor = run("--evaluate", "--sentences", str(tmp_path))
    assert poor.returncode == 1
    assert "0.0% (0/1)" in poor.stdout
    assert "en, held: recall 0.000" in poor.stderr
