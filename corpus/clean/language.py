"""Which language a text is written in: langdetect, made to answer the same every time.

langdetect (a port of https://github.com/shuyo/language-detection) draws random numbers and reads its profiles
in the order of the directory. Here the seed is fixed, the profiles are read in sorted order, and the score is
rounded, so that the answer depends on the text alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

SAMPLE_CHARS = 1000
"""So many characters of prose decide as well as the whole document."""
MIN_LETTERS = 12
"""With fewer letters there is no telling."""
_SHORT_LINE_CHARS = 60
_SEED = 0
_HAN = re.compile("[\u4e00-\u9fff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_KANA = re.compile("[\u3040-\u30ff]")
_TAGS = {"zh-cn": "zh-Hans", "zh-tw": "zh-Hant"}


@dataclass(frozen=True, slots=True)
class Language:
    """A language and how sure we are of it."""

    tag: str
    """BCP-47, such as `vi` or `zh-Hans`; `und` where undetermined."""
    score: float
    """Probability, 0 to 1, rounded to 3 digits."""


UNDETERMINED = Language("und", 0.0)


def identify(text: str) -> Language:
    """The main language of a text."""
    sample = _sample(text)
    if _letters(sample) < MIN_LETTERS:
        return UNDETERMINED
    factory = _factory()
    detector = factory.create()
    if _HAN.search(sample):
        # The Korean and Japanese profiles know ideographs, but nobody writes these languages in nothing else.
        possible = {"ko": bool(_HANGUL.search(sample)), "ja": bool(_KANA.search(sample))}
        detector.set_prior_map({tag: float(possible.get(tag, True)) for tag in factory.langlist})
    detector.append(sample)
    # Raised for a text in a script that no profile knows; langdetect is imported by `_factory`.
    from langdetect.lang_detect_exception import LangDetectException

    try:
        best = detector.get_probabilities()
    except LangDetectException:
        return UNDETERMINED
    if not best:
        return UNDETERMINED
    return Language(_TAGS.get(best[0].lang, best[0].lang), round(min(best[0].prob, 1.0), 3))


def _sample(text: str) -> str:
    """The first `SAMPLE_CHARS` characters of long lines, or of all lines where long ones are few."""
    lines = text.split("\n")
    prose = _head(line for line in lines if len(line) >= _SHORT_LINE_CHARS)
    return prose if len(prose) >= SAMPLE_CHARS // 2 else _head(lines)


def _head(lines: Iterable[str]) -> str:
    taken: list[str] = []
    room = SAMPLE_CHARS
    for line in lines:
        if room <= 0:
            break
        piece = line[:room]
        # Half a word at the cut is noise; scripts without spaces have no half words.
        if len(piece) < len(line) and " " in piece:
            piece = piece[: piece.rindex(" ")]
        taken.append(piece)
        room -= len(piece) + 1 if piece else room
    return "\n".join(taken)


def _letters(text: str) -> int:
    """Letters, an ideograph or Hangul syllable counting as two."""
    return sum(2 if unicodedata.east_asian_width(char) == "W" else 1 for char in text if char.isalpha())


@cache
def _factory() -> Any:
    from langdetect.detector_factory import DetectorFactory

    profiles = resources.files("langdetect") / "profiles"
    names = sorted(entry.name for entry in profiles.iterdir() if not entry.name.startswith((".", "_")))
    factory = DetectorFactory()
    factory.load_json_profile([(profiles / name).read_text(encoding="utf-8") for name in names])
    # On our own instance: the class's seed belongs to whoever else uses langdetect in this process.
    factory.seed = _SEED
    return factory
