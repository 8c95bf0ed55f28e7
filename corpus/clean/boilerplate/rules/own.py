"""A user's own rules: phrases, regular expressions and headings, by site or language.

They are stated in the recipe and their word is final: a line that one of them takes goes, a line that one of them keeps
stays, whatever the other layers say. In audits their names begin with `own/`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.clean.boilerplate.lines.page import Page
from corpus.clean.boilerplate.lines.phrases import phrase_key
from corpus.clean.url import hosts_of
from corpus.recipe import LineRule

PREFIX = "own/"
MAX_PATTERN_CHARS = 2000
"""Longer lines are not searched with a user's regular expressions."""


@dataclass(frozen=True, slots=True)
class OwnVerdict:
    """What a user's rules say about the lines of a page, by index."""

    taken: dict[int, str]
    """Lines that go, with the name of the rule."""
    headings: dict[int, str]
    """Lines that open a box of other stories, with the name of the rule."""
    kept: frozenset[int]
    """Lines that stay."""


class OwnRules:
    """The rules of a recipe, ready to be matched."""

    def __init__(self, rules: Sequence[LineRule]) -> None:
        self._rules = [_Ready(rule) for rule in rules]

    def match(self, page: Page, site: Callable[[], str | None], language: Callable[[], str]) -> OwnVerdict:
        """Hold all rules against a page.

        Args:
            page: the document.
            site: host of its address, where that is known; asked for only where a rule holds for some sites.
            language: its language tag, asked for only where a rule holds for some languages.
        """
        spoken = language() if any(ready.rule.languages for ready in self._rules) else None
        host = site() if any(ready.rule.sites for ready in self._rules) else None
        taken: dict[int, str] = {}
        headings: dict[int, str] = {}
        kept: set[int] = set()
        for ready in self._rules:
            if not ready.holds_for(host, spoken):
                continue
            name = PREFIX + ready.rule.name
            for index, line in enumerate(page.lines):
                key = phrase_key(line.text) if len(line.text) <= MAX_PATTERN_CHARS else ""
                if ready.matches(line.text, key):
                    if ready.rule.keep:
                        kept.add(index)
                    else:
                        taken.setdefault(index, name)
                elif key in ready.headings:
                    headings.setdefault(index, name)
        return OwnVerdict(
            {index: name for index, name in taken.items() if index not in kept},
            {index: name for index, name in headings.items() if index not in kept},
            frozenset(kept),
        )

    def kept(self, lines: Sequence[str], site: str | None, language: str | None) -> frozenset[int]:
        """Indices of the lines that a rule keeps, for whoever takes lines out of cleaned text.

        Args:
            lines: lines of a document.
            site: host of its address, where that is known.
            language: its language tag.
        """
        rules = [ready for ready in self._rules if ready.rule.keep and ready.holds_for(site, language)]
        if not rules:
            return frozenset()
        return frozenset(index for index, line in enumerate(lines) if _any_matches(rules, line.strip()))


def _any_matches(rules: Sequence[_Ready], text: str) -> bool:
    key = phrase_key(text) if len(text) <= MAX_PATTERN_CHARS else ""
    return any(ready.matches(text, key) for ready in rules)


class _Ready:
    def __init__(self, rule: LineRule) -> None:
        self.rule = rule
        self.phrases = frozenset(map(phrase_key, rule.phrases))
        self.headings = frozenset(map(phrase_key, rule.headings))
        self.patterns = tuple(map(re.compile, rule.patterns))

    def holds_for(self, site: str | None, language: str | None) -> bool:
        sites, languages = self.rule.sites, self.rule.languages
        host = site is not None and not set(hosts_of(site)).isdisjoint(sites)
        spoken = language is not None and any(language == tag or language.startswith(tag + "-") for tag in languages)
        return (host or not sites) and (spoken or not languages)

    def matches(self, text: str, key: str) -> bool:
        if key in self.phrases and key:
            return True
        return len(text) <= MAX_PATTERN_CHARS and any(pattern.search(text) for pattern in self.patterns)
