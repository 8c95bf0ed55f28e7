"""Documents among which near-duplicates are looked for, and which were made from one another."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from benchmarks.texts import pages

STRENGTHS = (0.003, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3)
_AROUND = "Trang chủ Thời sự Kinh tế Thể thao Giải trí Đăng nhập Đăng ký Liên hệ quảng cáo Điều khoản sử dụng".split()


@dataclass(frozen=True, slots=True)
class Made:
    """A made-up document."""

    text: str
    family: int
    """Documents of different families were not made from one another."""


def documents(rng: random.Random) -> Iterator[Made]:
    """About 3,100 documents, in no order."""
    made = list(_documents(rng))
    rng.shuffle(made)
    yield from made


def _documents(rng: random.Random) -> Iterator[Made]:
    originals = _originals(rng)
    family = 0
    for kind in EDITS:
        for _ in range(40):
            original = next(originals)
            yield Made(original, family)
            last = original
            for copy in range(rng.randint(2, 6)):
                # Some are copies of copies.
                last = kind(last if copy % 3 == 2 else original, rng.choice(STRENGTHS), rng)
                yield Made(last, family)
            family += 1
    for _ in range(60):
        original = text = next(originals)
        for _ in range(6):
            yield Made(text, family)
            text = rng.choice(EDITS)(rng.choice((text, original)), rng.choice(STRENGTHS[:3]), rng)
        family += 1
    for text in islice(originals, 600):
        yield Made(text, family)
        family += 1
    for _ in range(8):
        entries = [_sentence(next(originals), 14, rng) for _ in range(60)]
        for _ in range(25):
            yield Made("\n".join(rng.sample(entries, rng.choice((15, 30, 45)))), family)
            family += 1
    for _ in range(6):
        template = next(originals).split()[:300]
        for _ in range(30):
            own = _sentence(next(originals), 55, rng)
            yield Made(" ".join([*template[:150], own, *template[150:]]), family)
            family += 1
    for _ in range(200):
        text = _sentence(next(originals), rng.randint(2, 60), rng)
        yield Made(text, family)
        yield Made(_change_words(text, 0.01, rng), family)
        family += 1
    for word in ("Trang", "Menu", "404", "Tin", "Ảnh"):
        for _ in range(10):
            yield Made(word, family)
            family += 1


def _change_words(text: str, strength: float, rng: random.Random) -> str:
    return _map_words(text, lambda word: word[::-1] + "x" if rng.random() < strength else word)


def _change_numbers(text: str, strength: float, rng: random.Random) -> str:
    share = min(1.0, strength * 10)
    return _map_words(text, lambda word: str(rng.randint(1, 9999)) if word.isdigit() and rng.random() < share else word)


def _map_words(text: str, change: Callable[[str], str]) -> str:
    return "\n\n".join(" ".join(map(change, paragraph.split())) for paragraph in text.split("\n\n"))


def _move_paragraphs(text: str, strength: float, rng: random.Random) -> str:
    paragraphs = text.split("\n\n")
    for _ in range(max(1, round(strength * 20))):
        paragraphs.insert(rng.randrange(len(paragraphs)), paragraphs.pop(rng.randrange(len(paragraphs))))
    return "\n\n".join(paragraphs)


def _add_lead(text: str, strength: float, rng: random.Random) -> str:
    lead = text.split()[: max(3, round(len(text.split()) * strength))]
    rng.shuffle(lead)
    return " ".join(lead) + "\n\n" + text


def _cut(text: str, strength: float, rng: random.Random) -> str:
    share = min(0.5, strength * 2)
    gone = round(len(text) * share)
    return text[gone:] if rng.random() < 0.5 else text[: len(text) - gone]


def _surround(text: str, strength: float, rng: random.Random) -> str:
    size = max(4, round(len(text.split()) * strength / 2))
    return "\n\n".join([" ".join(rng.choices(_AROUND, k=size)), text, " ".join(rng.choices(_AROUND, k=size))])


def _drop_sentences(text: str, strength: float, rng: random.Random) -> str:
    return ". ".join(sentence for sentence in text.split(". ") if rng.random() >= strength)


def _originals(rng: random.Random) -> Iterator[str]:
    """Pages of which none is like another, but for what is below the article."""
    seen: set[str] = set()
    for page in pages(100, seed=23):
        if page["text"] not in seen:
            seen.add(page["text"])
            yield _numbered(page["text"], rng)


def _numbered(text: str, rng: random.Random) -> str:
    """Let a few words be numbers."""
    return _map_words(text, lambda word: str(rng.randint(1, 9999)) if rng.random() < 0.02 else word)


def _sentence(text: str, words: int, rng: random.Random) -> str:
    """So many words of a text."""
    split = text.split()
    start = rng.randrange(max(1, len(split) - words))
    return " ".join(split[start : start + words])


EDITS = (_change_words, _change_numbers, _move_paragraphs, _add_lead, _cut, _surround, _drop_sentences)
