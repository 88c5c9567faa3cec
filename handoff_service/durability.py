"""How safe a write must be before Redis acknowledges it."""

from enum import StrEnum


class Durability(StrEnum):
    """When a write must be on disk."""

    ALWAYS = "always"  #: before it is acknowledged: a power cut loses nothing
    EVERYSEC = "everysec"  #: a second later: a power cut loses up to two seconds
    NONE = "none"  #: never: a restart may lose everything
