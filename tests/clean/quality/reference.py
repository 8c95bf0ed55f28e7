"""The signals as the papers define them, a document at a time and in plain Python: slow, and easy to check by eye.

Where we read a paper differently than others do, it says so here.
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from fractions import Fraction

from corpus.clean.quality.stopwords import stop_words

VIETNAMESE = frozenset(
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
    "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
)
TERMINALS = ".!?…؟۔।॥။៕።։‼⁇⁈⁉。！？｡．"
WIDE_TERMINALS = "。！？｡．"
QUOTES = "\"'”’»›」』"
CLOSERS = QUOTES + ")]）】》*"
BULLETS = "•‣⁃∙◦·●○■□▪▫►▶▸*-"
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff\U00020000-\U0003ffff]"
)


def is_letter(char: str) -> bool:
    return not char.isspace() and not char.isdigit() and (char.isalpha() or unicodedata.category(char) in {"Mn", "Mc"})


def is_unspaced(char: str) -> bool:
    return is_letter(char) and UNSPACED.match(char) is not None


def split_words(text: str) -> list[str]:
    """Runs of characters that are no white space, parted before each letter of a script without spaces."""
    words: list[str] = []
    for run in text.split():
        opens = 0
        for at in range(1, len(run)):
            char = run[at]
            other = is_letter(char) or char.isdigit()
            heads = is_unspaced(char) and not unicodedata.category(char).startswith("M")
            if heads or (other and not is_unspaced(char) and is_unspaced(run[at - 1])):
                words.append(run[opens:at])
                opens = at
        words.append(run[opens:])
    return words


def fold(word: str) -> str:
    """What counts for two words to be the same: from the first letter or digit to the last, and places in between."""
    kept = "".join(
        (unicodedata.normalize("NFKC", char).casefold() or char)[0] if is_letter(char) or char.isdigit() else " "
        for char in word
    )
    return kept.strip(" ")


def repeats(pieces: list[str]) -> list[bool]:
    seen: set[str] = set()
    again: list[bool] = []
    for piece in pieces:
        again.append(piece in seen)
        seen.add(piece)
    return again


def top_rows(words: list[tuple[str, int]], size: int) -> int:
    """Words as they are compared, and their lengths: characters of the most frequent row, all its occurrences.

    Where several rows are as frequent, those of the one with most characters.
    A row that stands once repeats nothing and counts for nothing; elsewhere it counts, and short texts fail by it.
    """
    rows: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(words) - size + 1):
        row = words[at : at + size]
        rows.setdefault(tuple(key for key, _ in row), []).append(sum(length for _, length in row))
    return max(((len(spans), sum(spans)) for spans in rows.values() if len(spans) > 1), default=(0, 0))[1]


def duplicate_rows(words: list[tuple[str, int]], size: int) -> int:
    """Characters of rows read before; reading goes on behind each, so that none is counted twice."""
    seen: set[tuple[str, ...]] = set()
    characters = at = 0
    while at + size <= len(words):
        row = tuple(key for key, _ in words[at : at + size])
        if row in seen:
            characters += sum(length for _, length in words[at : at + size])
            at += size
        else:
            seen.add(row)
            at += 1
    return characters


def count_sentences(text: str) -> int:
    """Terminal marks with white space, the end, or a closing mark behind; any other sign will do behind wide ones."""
    found = 0
    for char, behind in itertools.pairwise(f"{text} "):
        if char in TERMINALS and (
            behind.isspace() or behind in CLOSERS or (char in WIDE_TERMINALS and behind not in TERMINALS)
        ):
            found += 1
    return found


def ends_in_ellipsis(line: str) -> bool:
    return line.endswith(("...", "…"))


def ends_terminally(line: str) -> bool:
    return line[-1] in TERMINALS + QUOTES


def has_word(line: str, word: str) -> bool:
    return word in map(fold, split_words(line))


def kept_by_c4(line: str) -> bool:
    words = split_words(line)
    return (
        ends_terminally(line)
        and not ends_in_ellipsis(line)
        and len(words) >= 5
        and max(map(len, words)) <= 1000
        and not has_word(line, "javascript")
    )


def split_paragraphs(text: str) -> list[str]:
    """Lines between blank ones, as they stand, less white space at the ends."""
    groups = itertools.groupby(text.split("\n"), key=lambda line: bool(line.strip()))
    return ["\n".join(group).strip() for filled, group in groups if filled]


def share(part: int, whole: int) -> float:
    """Rounded half up, as the quotient of whole numbers that it is; a float would already be a little off."""
    return math.floor(Fraction(part, whole) * 10_000 + Fraction(1, 2)) / 10_000 if whole else 0.0


def reference(text: str, language: str = "und") -> dict[str, int | float]:
    """All signals of a text."""
    words = split_words(text)
    rows = [(key, len(word)) for word in words if (key := fold(word))]
    # Blank lines and white space at the ends of lines are layout: they neither repeat nor end in anything.
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    paragraphs = split_paragraphs(text)
    characters = sum(map(len, words))
    letters = sum(map(is_letter, text))
    alpha = [word for word in words if any(map(is_letter, word))]
    table = {fold(word) for word in stop_words().get(language.split("-")[0], ())}
    stops = [key for key, _ in rows if key in table]
    in_lines, in_paragraphs = sum(map(len, lines)), sum(map(len, paragraphs))
    line_again, paragraph_again = repeats(lines), repeats(paragraphs)
    pairs = itertools.pairwise(key for key, _ in rows)
    return {
        "characters": len(text),
        "words": len(words),
        "lines": len(lines),
        "paragraphs": len(paragraphs),
        "sentences": count_sentences(text),
        "c4_sentences": sum(count_sentences(line) for line in lines if kept_by_c4(line)),
        "mean_word_length": share(characters, len(words)),
        "longest_word": max(map(len, words), default=0),
        "alpha_word_share": share(len(alpha), len(words)),
        "stop_words": len(stops),
        "distinct_stop_words": len(set(stops)),
        "stop_word_share": share(len(stops), len(words)),
        "vietnamese_word_share": share(sum(not VIETNAMESE.isdisjoint(word) for word in alpha), len(alpha)),
        "letter_share": share(letters, characters),
        "digit_share": share(sum(map(str.isdigit, text)), characters),
        "upper_share": share(sum(is_letter(char) and char.isupper() for char in text), letters),
        "hash_word_ratio": share(text.count("#"), len(words)),
        "ellipsis_word_ratio": share(text.count("...") + text.count("…"), len(words)),
        "bullet_line_share": share(sum(line[0] in BULLETS for line in lines), len(lines)),
        "ellipsis_line_share": share(sum(map(ends_in_ellipsis, lines)), len(lines)),
        "terminal_line_share": share(sum(map(ends_terminally, lines)), len(lines)),
        "terminal_char_share": share(sum(len(line) for line in lines if ends_terminally(line)), in_lines),
        "short_line_share": share(sum(len(line) <= 30 for line in lines), len(lines)),
        "line_break_word_ratio": share(max(len(lines) - 1, 0), len(words)),
        "duplicate_line_share": share(sum(line_again), len(lines)),
        "duplicate_line_char_share": share(
            sum(len(line) for line, again in zip(lines, line_again, strict=True) if again), in_lines
        ),
        "duplicate_paragraph_share": share(sum(paragraph_again), len(paragraphs)),
        "duplicate_paragraph_char_share": share(
            sum(len(piece) for piece, again in zip(paragraphs, paragraph_again, strict=True) if again), in_paragraphs
        ),
        **{
            f"top_{size}_gram_char_share": share(min(top_rows(rows, size), characters), characters)
            for size in (2, 3, 4)
        },
        **{
            f"duplicate_{size}_gram_char_share": share(duplicate_rows(rows, size), characters)
            for size in (5, 6, 7, 8, 9, 10)
        },
        "curly_brackets": text.count("{") + text.count("}"),
        "lorem_ipsum": sum(pair == ("lorem", "ipsum") for pair in pairs),
        "javascript_line_share": share(sum(has_word(line, "javascript") for line in lines), len(lines)),
    }
