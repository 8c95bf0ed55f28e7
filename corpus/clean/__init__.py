"""Pure functions of one document: text in, text and findings out.

`clean` runs them all: repair, boilerplate, metadata, language. Nothing here knows of files, builds or tables.
"""

from corpus._callable import make_callable
from corpus.clean.cleaned import Cleaned, Dropped, Raw
from corpus.clean.cleaner import clean, clean_all
from corpus.clean.finding import Removed

__all__ = ["Cleaned", "Dropped", "Raw", "Removed", "clean", "clean_all"]

make_callable(__name__, clean)
