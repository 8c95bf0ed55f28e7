"""Corpus Press: raw scraped text in, verified dataset releases out."""

from corpus._version import __version__

__all__ = ["__version__"]
