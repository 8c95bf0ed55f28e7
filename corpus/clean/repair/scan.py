"""Searching whole texts with RE2 (https://github.com/google/re2), in linear time."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any


class Scan:
    """A question to a text that RE2 answers on its UTF-8.

    Args:
        pattern: makes the pattern, in the syntax of RE2 with `^` for the start of any line, when it is first needed.
    """

    def __init__(self, pattern: Callable[[], str]) -> None:
        self._pattern = pattern

    def finds(self, text: str) -> bool:
        """Whether the pattern occurs in a text; yes where lone surrogates keep the text from being searched."""
        try:
            return self._search(text.encode()) is not None
        except UnicodeEncodeError:
            return True

    @cached_property
    def _search(self) -> Callable[[bytes], Any]:
        # Imported late, as `import corpus.clean` is on the path of `corpus --help`.
        import re2

        options = re2.Options()
        options.max_mem = 64 << 20  # the default gives up its fast automaton on large classes of characters
        options.log_errors = False
        search: Callable[[bytes], Any] = re2.compile(f"(?m)(?:{self._pattern()})", options).search
        return search
