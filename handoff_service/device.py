"""Names a browser and its system: enough to help with, too little to recognise anybody."""

from ua_parser import parse_os, parse_user_agent

from handoff_service.domain import Json

#: More of what a browser says of itself than this is not looked at, characters.
LOOKED_AT_CHARS = 400

#: Browsers of phones say this, others do not (MDN, "Browser detection using the user agent").
_MOBILE = "Mobi"


def device_of(user_agent: str) -> Json | None:
    """Read a `User-Agent` header. Takes half a second the first time: the rules are read then.

    Returns:
        {"browser", "os", "mobile"}: names without versions, None for what is not known; None when
        neither is.
    """
    said = user_agent[:LOOKED_AT_CHARS]
    browser, system = parse_user_agent(said), parse_os(said)
    if browser is None and system is None:
        return None
    return {
        "browser": browser.family if browser else None,
        "os": system.family if system else None,
        "mobile": _MOBILE in said,
    }
