"""Comparing two releases: what came, went and changed, why, and what it costs to upload.

`engine` puts a `Diff` together; `documents` joins the rows, `wording` compares recipes and columns, `shifts` numbers
about the text, `uploads` bytes. What a person sees of it is printed elsewhere.
"""

from __future__ import annotations

from corpus.release.diff.engine import diff
from corpus.release.diff.report import Diff
from corpus.release.diff.sides import Side

__all__ = ["Diff", "Side", "diff"]
