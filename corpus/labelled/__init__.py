"""Pages whose lines people have labelled: what the cleaner is measured by, and what its line model learns from.

`pages` reads them, `score` measures a cleaner against them, `train` fits a model. Nothing here runs in a build.
"""
