"""Right and wrong readings by encoding and language, and speed. `python -m benchmarks.encodings`.

Sentences are those of `encoding_sentences.txt`, 250 to 900 characters a language, from each of them on; longer samples
repeat them. TCVN3, VNI and VISCII, for which there are no codecs, are right when they come out as a lossless
reading, which cleaning converts. charset-normalizer is asked for its best guess, whatever that is.
"""

from __future__ import annotations

import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.vietnamese_encoders import LEGACY, windows_1258
from corpus.read.encoding import decode
from corpus.read.encoding.names import LOSSLESS, decode_strictly
from corpus.read.records import RejectedError

SENTENCES = Path(__file__).parent / "encoding_sentences.txt"
SIZES = (60, 200, 1000, 5000)

Reader = Callable[[bytes], str | None]

PAIRS: tuple[tuple[str, str], ...] = tuple(
    (encoding, language)
    for encoding, languages in (
        ("utf-8", "vi fr ru ja"),
        ("utf-16-le", "vi ja ru en"),
        ("utf-16-be", "vi ko"),
        ("cp1258", "vi"),
        ("tcvn3", "vi"),
        ("vni", "vi"),
        ("viscii", "vi"),
        ("cp1252", "en fr de es pt it sv da fi et"),
        ("iso8859-15", "fr fi"),
        ("cp1250", "pl cs sk hu ro hr"),
        ("iso8859-2", "pl cs sk hu ro hr"),
        ("cp1251", "ru uk bg"),
        ("koi8-r", "ru"),
        ("koi8-u", "uk"),
        ("iso8859-5", "ru bg"),
        ("cp866", "ru"),
        ("cp1253", "el"),
        ("iso8859-7", "el"),
        ("cp1254", "tr"),
        ("cp1255", "he"),
        ("iso8859-8", "he"),
        ("cp1256", "ar"),
        ("iso8859-6", "ar"),
        ("cp1257", "lt lv et"),
        ("iso8859-13", "lt lv"),
        ("cp874", "th"),
        ("cp932", "ja"),
        ("euc_jp", "ja"),
        ("iso2022_jp", "ja"),
        ("gb18030", "zh-Hans"),
        ("big5", "zh-Hant"),
        ("cp949", "ko"),
        ("cp850", "fr de"),
        ("cp852", "pl cs"),
        ("mac_roman", "fr"),
    )
    for language in languages.split()
)
# What was written before Windows' code pages had no such signs.
_PLAIN = str.maketrans(dict.fromkeys("„“”«»", '"') | {"—": "-", "–": "-", "’": "'"})
_WITHOUT_SIGNS = ("iso8859", "koi8", "cp8", "tcvn3", "vni", "viscii")


@dataclass(frozen=True, slots=True)
class Score:
    """How many samples of one size were read right, wrong, or not at all."""

    right: int
    wrong: int
    rejected: int

    def __str__(self) -> str:
        total = self.right + self.wrong + self.rejected
        return f"{self.right}/{total}" + (f", {self.wrong} wrong" if self.wrong else "")


def main() -> None:
    """Print a table, the sums, and megabytes a second of CPU time."""
    readers: dict[str, Reader] = {"Corpus Press": ours, "charset-normalizer": charset_normalizer_alone}
    print("| encoding | language | " + " | ".join(f"{name}, {size} B" for name in readers for size in SIZES) + " |")
    print("| --- | --- |" + " --- |" * len(readers) * len(SIZES))
    sums = {(name, size): Counter[str]() for name in readers for size in SIZES}
    for encoding, language in PAIRS:
        cells = []
        for name, reader in readers.items():
            for size in SIZES:
                found = score(reader, encoding, language, size)
                sums[name, size].update(right=found.right, wrong=found.wrong, rejected=found.rejected)
                cells.append(str(found))
        print(f"| {encoding} | {language} | " + " | ".join(cells) + " |")
    total = (Score(found["right"], found["wrong"], found["rejected"]) for found in sums.values())
    print("| all | | " + " | ".join(map(str, total)) + " |\n")
    for label, encoding, language, size, count in (
        ("UTF-8, documents of 5 KB", "utf-8", "vi", 5000, 2000),
        ("UTF-8, one of 50 MB", "utf-8", "vi", 50_000_000, 1),
        ("windows-1258, 5 KB", "cp1258", "vi", 5000, 200),
        ("windows-1250, 5 KB", "cp1250", "pl", 5000, 200),
        ("windows-1250, 5 MB", "cp1250", "pl", 5_000_000, 1),
        ("shift_jis, 5 KB", "cp932", "ja", 5000, 200),
        ("utf-16-le, 5 KB", "utf-16-le", "vi", 5000, 200),
    ):
        data, _ = next(samples(encoding, language, size))
        speeds = {name: _megabytes_a_second(reader, data, count) for name, reader in readers.items()}
        print(f"{label}: " + ", ".join(f"{name} {speed:.1f} MB/s" for name, speed in speeds.items()))


def ours(data: bytes) -> str | None:
    """What reading makes of it; None for a rejection."""
    try:
        return decode(data).text
    except RejectedError:
        return None


def charset_normalizer_alone(data: bytes) -> str | None:
    """The best guess of charset-normalizer."""
    import charset_normalizer

    best = charset_normalizer.from_bytes(data).best()
    return None if best is None else str(best)


def score(reader: Reader, encoding: str, language: str, size: int) -> Score:
    """Read the samples of one language in one encoding."""
    counts: Counter[bool | None] = Counter()
    for data, text in samples(encoding, language, size):
        read = reader(data)
        counts[None if read is None else unicodedata.normalize("NFC", read) == unicodedata.normalize("NFC", text)] += 1
    return Score(counts[True], counts[False], counts[None])


def samples(encoding: str, language: str, size: int) -> Iterator[tuple[bytes, str]]:
    """Bytes of about `size`, whole characters, and the text that they are to come out as.

    One from each sentence on; samples that are ASCII are left out, for they are no question.
    """
    sentences = sentences_of(language)
    length = len("\n".join(sentences).encode())
    for first in range(len(sentences)):
        order = sentences[first:] + sentences[:first]
        text = "\n".join(order * (2 * size // length + 1)) + "\n"
        text = text.translate(_PLAIN) if encoding.startswith(_WITHOUT_SIGNS) else text
        share = len(encode(text[:2000], encoding)) / len(text[:2000])
        text = text[: max(1, round(size / share))]
        data = encode(text, encoding)
        if not data.isascii() or encoding.startswith(("utf-16", "iso2022")):
            yield data, decode_strictly(data, LOSSLESS) if encoding in LEGACY else text


def encode(text: str, encoding: str) -> bytes:
    """Bytes as a program of its time would have written them."""
    if encoding == "cp1258":
        return windows_1258(text)
    return LEGACY[encoding](text) if encoding in LEGACY else text.encode(encoding)


@cache
def sentences_of(language: str) -> list[str]:
    """The sentences of a language."""
    sections = SENTENCES.read_text(encoding="utf-8").split("= ")[1:]
    found: dict[str, list[str]] = {}
    for section in sections:
        name, *lines = section.strip().split("\n")
        found[name] = lines
    return found[language]


def _megabytes_a_second(reader: Reader, data: bytes, count: int) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        for _ in range(count):
            reader(data)
        best = min(best, time.process_time() - start)
    return len(data) * count / best / 1e6


if __name__ == "__main__":
    main()
