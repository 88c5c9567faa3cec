"""Which tone the bot speaks in each language: the setting BATON_TONE."""

from __future__ import annotations

from bot.components.languages import LOCALES

TONES = ("formal", "casual")
FORM = f"formal, casual, or locale=tone for some of {', '.join(LOCALES)}: ru=casual,ko=formal"


def read_tones(text: str) -> dict[str, str]:
    """Return the tone of every locale; one that is not named is formal.

    Args:
        text: The setting: a tone for all, or `locale=tone` separated by commas; empty is formal.

    Raises:
        ValueError: the setting names an unknown locale or tone, or a locale twice.
    """
    if text.strip() in TONES:
        return dict.fromkeys(LOCALES, text.strip())
    tones: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        locale, _, tone = (word.strip() for word in part.partition("="))
        if locale not in LOCALES or tone not in TONES or locale in tones:
            raise ValueError(f"{part!r} in {text!r}; expected {FORM}")
        tones[locale] = tone
    return {locale: tones.get(locale, "formal") for locale in LOCALES}
