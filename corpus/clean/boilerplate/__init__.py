"""Why did this line go? What tells a page's own words from what the site put around them, in layers.

- `lines/` reads documents as lines and knows the phrases of `lines/data/`
- `rules/` are exact: each has a module of one idea and a stable, versioned name
- `model/` is learnt and judges what no rule knows
- `decide` has the last word
"""

from corpus.clean.boilerplate.decide import strip
from corpus.clean.boilerplate.lines.page import Line, Page

__all__ = ["Line", "Page", "strip"]
