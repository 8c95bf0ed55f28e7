"""What a text is like, in numbers, and which numbers are reason to drop it.

`measure` computes the signals of Gopher, C4 and FineWeb for many documents at once; `judge` holds them against presets
of limits, which are data and differ by language. Nothing here changes a text or reads a file.
"""

from corpus.clean.quality.limits import Limit, Preset, Verdict, judge
from corpus.clean.quality.measurement import Measured, measure
from corpus.clean.quality.presets import PRESETS, find_presets
from corpus.clean.quality.words import Words
from corpus.signals import SIGNALS, Signal

__all__ = [
    "PRESETS",
    "SIGNALS",
    "Limit",
    "Measured",
    "Preset",
    "Signal",
    "Verdict",
    "Words",
    "find_presets",
    "judge",
    "measure",
]
