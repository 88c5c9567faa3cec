"""To whom the service speaks casually: the setting BATON_TONE, which the bot reads, too."""

from handoff_service.domain import LOCALES

FORM = f"formal, casual, or locale=tone for some of {', '.join(LOCALES)}: ru=casual,ko=formal"


def read_casual_locales(text: str) -> frozenset[str]:
    """Return the locales spoken to casually; raises ValueError when `text` is not of FORM.

    A tone alone holds for every locale; a locale that is not named is formal.
    """
    if text.strip() in {"formal", "casual"}:
        return frozenset(LOCALES if text.strip() == "casual" else ())
    tones: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        locale, _, tone = (word.strip() for word in part.partition("="))
        if locale not in LOCALES or tone not in {"formal", "casual"} or locale in tones:
            raise ValueError(part)
        tones[locale] = tone
    return frozenset(locale for locale, tone in tones.items() if tone == "casual")
