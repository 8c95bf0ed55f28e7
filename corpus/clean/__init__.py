"""Pure functions of one document: text in, text and findings out.

`clean` runs them all: repair, boilerplate, metadata, language. Nothing here knows of files, builds or tables.
"""

from corpus._callable import make_callable
from corpus.clean.cleaned import Cleaned, clean
from corpus.clean.finding import Removed

__all__ = ["Cleaned", "Removed", "clean"]

make_callable(__name__, clean)
