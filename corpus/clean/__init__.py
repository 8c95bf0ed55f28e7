"""Pure functions of one document: text in, text and findings out.

Knows nothing of files, builds or tables.
"""
