"""Why did this line go? The rules that tell a page's own words from what the site put around them.

Each rule has a module of one idea and a stable, versioned name; the words that it looks for stand in `data/`,
one table a language, and are matched against whole lines only. `decide.strip` runs them all.
"""

from corpus.clean.boilerplate.decide import strip
from corpus.clean.boilerplate.lines import Line, Page

__all__ = ["Line", "Page", "strip"]
