"""Releases by name, publications and sources: folders, and dataset repos on the Hugging Face Hub.

Everything that talks to the Hub lives here. What a release is, and whether its files are sound, is known to `release`.
"""

from __future__ import annotations

from corpus.hub.opening import diff, load, open_release

__all__ = ["diff", "load", "open_release"]
