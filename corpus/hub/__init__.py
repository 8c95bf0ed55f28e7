"""Releases by name, in a folder or in a dataset repo on the Hugging Face Hub; publishing them there; sources from there.

Everything that talks to the Hub lives here. What a release is, and whether its files are sound, is known to `release`.
"""

from __future__ import annotations

from corpus.hub.opening import diff, load, open_release

__all__ = ["diff", "load", "open_release"]
