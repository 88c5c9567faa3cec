"""Which Baton this is."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("baton")
except PackageNotFoundError:  # run from a checkout that was never installed
    VERSION = "unknown"
