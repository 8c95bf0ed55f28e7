"""Rooms that are also verbs: `corpus.clean` is a package and, as `corpus.clean(text)`, the call it is named for."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any


def make_callable(module: str, function: Callable[..., Any]) -> None:
    """Let an imported module be called as `function`.

    Importing a package binds its name in `corpus`, so a function of the same name there would be lost at the first
    import of the package. Replacing a module's class is the documented way to customise it:
    https://docs.python.org/3/reference/datamodel.html#customizing-module-attribute-access
    """
    verb = type("CallableModule", (ModuleType,), {"__call__": staticmethod(function)})
    sys.modules[module].__class__ = verb
    sys.modules[module].__dict__["__signature__"] = inspect.signature(function)
