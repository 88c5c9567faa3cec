"""Says languages as people of another one call them: "English or Chinese"."""

from collections.abc import Sequence
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.lists import format_list

from handoff_service.domain import DEFAULT_LOCALE, LOCALES


def say_languages(wanted: str, spoken: Sequence[str], *, locale: str) -> tuple[str, str]:
    """Return the name of one language, and of others as alternatives, in words of `locale`.

    Chinese is Chinese, whatever the characters, unless these are all that differs.
    """
    reader = _parse(locale if locale in LOCALES else DEFAULT_LOCALE)
    own, *others = (_name(tag, reader, whole=False) for tag in (wanted, *spoken))
    if own in others:
        own, *others = (_name(tag, reader, whole=True) for tag in (wanted, *spoken))
    return own, format_list(list(dict.fromkeys(others)), style="or", locale=reader)


def _name(tag: str, reader: Locale, *, whole: bool) -> str:
    try:
        named = _parse(tag)
    except (UnknownLocaleError, ValueError):
        return tag  # an account may hold any word
    name = named.get_display_name(reader) if whole else named.get_language_name(reader)
    return name or tag


@cache
def _parse(tag: str) -> Locale:
    return Locale.parse(tag, sep="-")
