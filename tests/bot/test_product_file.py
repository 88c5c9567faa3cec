"""The file of products is read, and its faults are named with their lines."""

import pytest

from bot.components.languages import LOCALES
from bot.components.product_file import FILE, ProductsBroken, read_products
from bot.components.products import Product


def test_a_sound_file(tmp_path):
    file = tmp_path / "products.yml"
    file.write_text(
        "products:\n  - {name: Kettle, unspecific: true, everywhere: [KX-1], ru: [чайник]}\n",
        "utf-8",
    )

    assert read_products(file) == (Product("Kettle", ("Kettle", "KX-1", "чайник"), True),)


def test_without_a_file_there_are_no_products(tmp_path):
    assert read_products(tmp_path / "none.yml") == ()


def test_every_product_has_a_name_in_every_language_that_does_not_use_the_latin_one():
    text = FILE.read_text("utf-8")

    assert read_products()
    for locale in set(LOCALES) - {"en"}:
        assert text.count(f"    {locale}: [") == len(read_products())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("products: [", "1: not YAML"),
        ("", "1: expected a list"),
        ("products: 3\n", "1: expected a list"),
        ("products:\n  - {ru: [чайник]}\n", "2: a product without `name:`"),
        ("products:\n  - name: Kettle\n    fr: [bouilloire]\n", "3: unknown 'fr'"),
        ("products:\n  - name: Kettle\n    ru: чайник\n", "3: ru is no list"),
        ("products:\n  - name: Kettle\n    ko: [주]\n", "3: '주' is too short"),
        ("products:\n  - name: Kettle\n    unspecific: perhaps\n", "3: unspecific must be"),
        ("products:\n  - name: Kettle\n    en: [pot]\n  - name: Pan\n    en: [Pot]\n",
         "5: 'Pot' already stands for 'Kettle'"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(tmp_path, text, expected):
    file = tmp_path / "products.yml"
    file.write_text(text, "utf-8")

    with pytest.raises(ProductsBroken) as refused:
        read_products(file)

    [problem] = refused.value.problems
    assert problem.startswith(f"{file}:{expected}")


@pytest.mark.parametrize(
    ("form", "text", "found"),
    [
        ("Kettle", "two kettles", True), ("Kettle", "kettledrum", False),
        ("Kettle Pro", "kettlepro", True), ("Kettle Pro", "KETTLE-PRO", True),
        ("чайник", "с чайниками", True), ("чайник", "чайниковедение", False),
        ("주전자", "주전자가 고장났어요", True), ("水壶", "我的水壶坏了", True),
        ("Kettle 2", "kettle 2", True), ("Kettle 2", "kettle 25", False),
        ("Kettle 2", "kettle 2 days ago", False),
    ],
)  # fmt: skip
def test_how_a_name_is_found(form, text, found):
    assert bool(Product(form, (form,)).pattern().search(text)) == found
