"""Let Rasa start without the libraries this bot never uses.

`import rasa` pulls in tensorflow, jax, every chat platform's client and every database driver:
about 20 s of imports and 500 MB for a pipeline that needs numpy. `install()` puts light stand-ins
in their place before rasa is imported, so that a process serves its first turn within seconds.

A stand-in can be imported, subclassed and named in an `except` clause, which is all that Rasa's own
modules do with these libraries at import. Using one for real raises `ImportError` with the remedy:
nothing fails in silence. `BATON_RASA_PLAIN_IMPORT=1` leaves everything as Rasa ships it.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import sys
import types
from collections.abc import Sequence
from typing import Any

#: Set to 1 to import everything as shipped (slow; needed only for stock components such as DIET).
PLAIN_IMPORT_ENV = "BATON_RASA_PLAIN_IMPORT"

#: Third-party libraries used only by components, channels and stores that this bot does not have.
UNUSED_LIBRARIES = (
    "tensorflow",
    "tensorflow_hub",
    "tensorflow_text",
    "tensorflow_addons",
    "keras",
    "jax",
    "aiogram",
    "slack",
    "slack_sdk",
    "twilio",
    "webexteamssdk",
    "rocketchat_API",
    "mattermostwrapper",
    "fbmessenger",
    "socketio",
    "boto3",
    "botocore",
    "pymongo",
    "questionary",
    "prompt_toolkit",
    "sentry_sdk",
)

#: Rasa's own modules that exist only to drive tensorflow.
UNUSED_RASA_MODULES = (
    "rasa.utils.tensorflow.callback",
    "rasa.utils.tensorflow.data_generator",
    "rasa.utils.tensorflow.model_data",
    "rasa.utils.tensorflow.model_data_utils",
    "rasa.utils.tensorflow.models",
)

#: Needed to train (the cache of trained components is an SQLite file), never to serve.
UNUSED_WHEN_SERVING = ("sqlalchemy", "matplotlib", "apscheduler")


def install(*, serving: bool) -> bool:
    """Put the stand-ins in place; call before the first `import rasa`.

    Args:
        serving: Also leave out what only training and testing need.

    Returns:
        False when the environment asks for the plain import, else True.

    Raises:
        RuntimeError: Rasa is imported already, so it would be too late.
    """
    if os.environ.get(PLAIN_IMPORT_ENV) == "1":
        return False
    if any(isinstance(finder, _StandInFinder) for finder in sys.meta_path):
        return True
    if "rasa" in sys.modules:
        raise RuntimeError("bot.lean.install() must run before rasa is imported")
    names = UNUSED_LIBRARIES + (UNUSED_WHEN_SERVING if serving else ())
    sys.meta_path.insert(0, _StandInFinder(names, UNUSED_RASA_MODULES))
    # Rasa's list of stock components imports all of them; this bot uses RulePolicy and its own.
    components = types.ModuleType("rasa.engine.recipes.default_components")
    components.DEFAULT_COMPONENTS = _LazyComponents()  # type: ignore[attr-defined]  # rasa reads it
    sys.modules[components.__name__] = components
    return True


class _LazyComponents:
    """The stock components, imported when Rasa walks the list."""

    def __iter__(self) -> Any:
        from rasa.core.policies.rule_policy import RulePolicy

        return iter([RulePolicy])


class _Named(type):
    """Gives every attribute of a stand-in class another stand-in class."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(f"{cls.__module__}.{cls.__qualname__}", name)

    def __getitem__(cls, _: Any) -> Any:
        return cls


class _StandIn(
    Exception, metaclass=_Named
):  # an exception, so that `except boto.Error` stays valid
    """What a left-out library's names resolve to."""

    def __new__(cls, *_: Any, **__: Any) -> Any:
        library = cls.__module__.split(".", 1)[0]
        if library in UNUSED_WHEN_SERVING:  # `declarative_base()`, `Column(...)` run at import
            return _stand_in(cls.__module__, cls.__name__)
        raise ImportError(
            f"{cls.__module__}.{cls.__name__} is left out of this process to start fast; "
            f"set {PLAIN_IMPORT_ENV}=1 to import everything"
        )


def _stand_in(module: str, name: str) -> Any:
    return _Named(name, (_StandIn,), {"__module__": module})


class _StandInModule(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(self.__name__, name)


class _StandInFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, libraries: Sequence[str], modules: Sequence[str]) -> None:
        self._libraries = frozenset(libraries)
        self._modules = frozenset(modules)

    def find_spec(
        self,
        fullname: str,
        path: Any = None,  # noqa: ARG002 (importlib's)
        target: Any = None,  # noqa: ARG002 (importlib's)
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname in self._modules or fullname.split(".", 1)[0] in self._libraries:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _StandInModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:  # noqa: ARG002 (importlib's)
        return None
