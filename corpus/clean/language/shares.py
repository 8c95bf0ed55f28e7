"""Documents in several languages: lines vote, and each language gets the characters of the lines that are in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.clean.language.detector import Detector, Guess

LEAST_SHARE = 0.05
"""A language with less of a document is a quote or a name in it."""
_LEAST_CHARS = 80
_PIECE_CHARS = 40
_LONGEST_PIECE = 400
_MOST_PIECES = 250
SURE = 0.9
"""Score from which a piece may speak for a language of its own."""
_FOREIGN_LETTERS = 40


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a document is in a language."""

    tag: str
    """BCP-47; `und` for text in a script that the detector does not know."""
    share: float
    """Of the characters of the document, 0 to 1, rounded to 2 digits."""


@dataclass(frozen=True, slots=True)
class Mix:
    """The languages of one document."""

    tag: str
    """The one with the most characters."""
    score: float
    """How sure the detector is of that language, on average over the characters that are counted to it."""
    shares: tuple[Share, ...]
    """Largest first; a language below `LEAST_SHARE` goes with the text around it."""


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    """The beginning of it, at most `_LONGEST_PIECE` characters."""
    chars: int


def find_mixes(texts: Sequence[str], guesses: Sequence[Guess], detector: Detector) -> list[Mix]:
    """The languages of each text by the vote of its lines.

    Args:
        texts: documents that look mixed.
        guesses: what the detector makes of the sample of each; stands where the lines do not agree on better.
        detector: what to ask about lines.
    """
    pieces = [list(_pieces(text)) for text in texts]
    answers = iter(detector.identify([piece.text for parts in pieces for piece in parts]))
    return [_vote(parts, [next(answers) for _ in parts], guess) for parts, guess in zip(pieces, guesses, strict=True)]


def _pieces(text: str) -> Iterator[_Piece]:
    """Lines; short ones that follow each other are one piece, long ones are several."""
    least = max(_PIECE_CHARS, len(text) // _MOST_PIECES)
    waiting: list[str] = []
    size = 0
    for line in text.split("\n"):
        if size and (size >= least or len(line) >= least):
            yield _Piece("\n".join(waiting)[:_LONGEST_PIECE], size)
            waiting, size = [], 0
        while len(line) > max(_LONGEST_PIECE, least) * 3 // 2:
            cut = max(_LONGEST_PIECE, least)
            cut = line.find(" ", cut, cut + cut // 2) + 1 or cut
            yield _Piece("\n".join([*waiting, line[:cut]])[:_LONGEST_PIECE], size + cut)
            waiting, size, line = [], 0, line[cut:]
        waiting.append(line)
        size += len(line)
    if size:
        yield _Piece("\n".join(waiting)[:_LONGEST_PIECE], size)


def _vote(pieces: Sequence[_Piece], guesses: Sequence[Guess], whole: Guess) -> Mix:
    total = sum(piece.chars for piece in pieces)
    support: Counter[str] = Counter()
    for piece, guess in zip(pieces, guesses, strict=True):
        if _is_sure(piece, guess):
            support[guess.tag] += piece.chars
    spoken = {tag for tag, chars in support.items() if chars >= max(LEAST_SHARE * total, _LEAST_CHARS)}
    if sum(support[tag] for tag in spoken) * 2 < total:
        spoken.add(whole.tag)
    chars: Counter[str] = Counter()
    thousandths: Counter[str] = Counter()
    # What is in none of the languages goes with what is before it, at the start with what comes first.
    current = next((guess.tag for piece, guess in zip(pieces, guesses, strict=True) if _in(spoken, piece, guess)), "")
    for piece, guess in zip(pieces, guesses, strict=True):
        if _in(spoken, piece, guess):
            current = guess.tag
            thousandths[current] += round(guess.score * 1000) * piece.chars
        chars[current] += piece.chars
    if current == "":
        return Mix(whole.tag, whole.score, (Share(whole.tag, 1.0),))
    order = sorted(chars, key=lambda tag: (-chars[tag], tag))
    score = round(thousandths[order[0]] / chars[order[0]] / 1000, 3)
    return Mix(order[0], score, tuple(Share(tag, round(chars[tag] / total, 2)) for tag in order))


def _in(spoken: set[str], piece: _Piece, guess: Guess) -> bool:
    """Between the languages that the document is known to have, an unsure guess is good enough."""
    return guess.tag in spoken and (guess.tag != "und" or _is_sure(piece, guess))


def _is_sure(piece: _Piece, guess: Guess) -> bool:
    if guess.tag == "und":
        return sum(map(str.isalpha, piece.text)) >= _FOREIGN_LETTERS
    return guess.score >= SURE
