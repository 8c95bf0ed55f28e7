"""Which languages a document is written in.

`identify_all` samples documents, asks a detector, and where a sample looks mixed lets all lines vote. The default
detector is naive Bayes over langdetect's profiles; others are installed as extras and had by `detector`.
"""

from corpus.clean.language.detector import Detector, DetectorMissingError, Guess
from corpus.clean.language.identified import DEFAULT, UNDETERMINED, Language, identify, identify_all
from corpus.clean.language.others import DETECTORS, detector, distribution_of, require
from corpus.clean.language.shares import Share

__all__ = [
    "DEFAULT",
    "DETECTORS",
    "UNDETERMINED",
    "Detector",
    "DetectorMissingError",
    "Guess",
    "Language",
    "Share",
    "detector",
    "distribution_of",
    "identify",
    "identify_all",
    "require",
]
