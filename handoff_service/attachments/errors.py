"""What can go wrong with the place where files are kept.

StorageUnavailable   it cannot be reached, or takes nothing; try again
"""

from handoff_service.errors import BatonError


class StorageUnavailable(BatonError):
    """The folder or the bucket does not do what it should; a later try may succeed."""

    code = "unavailable"
