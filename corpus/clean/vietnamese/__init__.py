"""Vietnamese text made whole, and its own questions answered: pure functions of text.

Legacy encodings become Unicode, letters and look-alikes become the letters meant, tone marks stand in one place, and
text without marks is told. Which language a text is in is decided elsewhere; only tone placement relies on it.
"""

from corpus.clean.vietnamese.compose import compose
from corpus.clean.vietnamese.legacy import Legacy, convert_all, convert_legacy
from corpus.clean.vietnamese.lookalikes import fix_lookalikes
from corpus.clean.vietnamese.marks import WITHOUT_MARKS_TAG, lacks_marks
from corpus.clean.vietnamese.syllables import Style
from corpus.clean.vietnamese.tones import place_tones, tone_key, tones_to_front

__all__ = [
    "WITHOUT_MARKS_TAG",
    "Legacy",
    "Style",
    "compose",
    "convert_all",
    "convert_legacy",
    "fix_lookalikes",
    "lacks_marks",
    "place_tones",
    "tone_key",
    "tones_to_front",
]
