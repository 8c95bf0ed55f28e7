"""The line model: features of lines in whole numbers, a small network over them, and its reasons in words.

What it learns from is `corpus.labelled`'s business; here it only judges.
"""
