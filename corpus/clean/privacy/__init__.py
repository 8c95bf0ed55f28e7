"""Personal data and secrets in cleaned text: where they stand, of which kind they are, and how to mask them.

`find_all` looks through a batch: `scan` runs google-re2 over all of it for what may be something, and a module for
each kind looks closer at the few places found. A finding has a place and a kind and never the value, so that none
reaches a log. What a build does about findings (mask, drop) is not decided here.
"""

from corpus.clean.privacy.finding import KINDS, PLACEHOLDERS, Finding, Kind, count, mask, reason
from corpus.clean.privacy.scan import find_all, suspects

__all__ = ["KINDS", "PLACEHOLDERS", "Finding", "Kind", "count", "find_all", "mask", "reason", "suspects"]
