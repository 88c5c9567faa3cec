"""Files of labelled texts: what is read, and what is refused by name."""

import pytest

from learning.errors import InputBroken
from learning.nlu_evaluation import Labelled, read_labelled


def write(tmp_path, text, *, name="x.csv"):
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_texts_are_taken_as_they_are(tmp_path):
    file = write(tmp_path, '\ufefftext,intent\n"- [a](b), ""c""",x\n안녕 ,oos\n,\n'[:-3])

    assert read_labelled(file) == [Labelled('- [a](b), "c"', "x"), Labelled("안녕", "oos")]


def test_other_names_for_out_of_scope_and_text(tmp_path):
    file = write(tmp_path, "utterance,intent,more\nhi,out_of_scope,1\n")

    assert read_labelled(file) == [Labelled("hi", "oos")]


def test_the_language_is_read_where_it_is_said(tmp_path):
    file = write(tmp_path, "text,intent,language\nhi,greet,en\n안녕,greet,ko\n?,greet,\n")

    assert [labelled.language for labelled in read_labelled(file)] == ["en", "ko", ""]


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "header"), ("a,b\n1,2\n", "header"), ("text,intent\n", "header"),
     ("text,intent\nhi,\n", "row 2"), ("text,intent\nhi,x\n ,x\n", "row 3"),
     (b"\xff\xfe\x00", "CSV")],
)  # fmt: skip
def test_a_fault_is_named_with_file_and_row(tmp_path, text, message):
    file = write(tmp_path, text)

    with pytest.raises(InputBroken, match=message) as refused:
        read_labelled(file)

    assert "x.csv" in str(refused.value)
