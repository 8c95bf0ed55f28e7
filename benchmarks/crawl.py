"""A made-up crawl of any size, the same in every run, written fast: `python -m benchmarks.crawl DOCUMENTS FOLDER`.

Pages of about 3 KB on 200 sites, each with footer lines of its own. Of a hundred pages, ten repeat an earlier one
word for word under another address, and ten nearly: a few words changed, a lead added, the end cut. All others are
drawn from sentences so many that two pages hardly ever share one, so they have next to no run of five words in common.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

SENTENCES = 400_000
"""Distinct sentences: some 60 MB of text."""
PER_PAGE = 21
PER_PARAGRAPH = 4
SITES = 200
FILE_BYTES = 100_000_000
_WORDS = 12_000
"""Made-up words, so many that two sentences share no run of five."""
_BATCH = 2000
_ONSETS = "b c ch d đ g gi h kh l m n ng nh ph qu r s t th tr v x".split()
_RHYMES = (
    "a an ang anh ao ay ăm ăn âm ân âu e em en eo ê ên i im in inh iêu iên o oi om on ong ô ôi ôn ông ơ ơi ơn u ui un "
    "ung ư ưng ươi ương uôi uôn uyên à án ảng ạnh ào áy ắm ần ẩu ẽ ém ẻn ế ện ì ím ìn ính iếu iện ò ói ọm ón ọng ố ối"
).split()


def write_crawl(documents: int, folder: Path) -> int:
    """Write so many pages as JSON Lines into files of about 100 MB; answer the bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    total = size = number = 0
    file = None
    for lines in _lines(documents):
        if file is None or size >= FILE_BYTES:
            if file is not None:
                file.close()
            file, size, number = (folder / f"pages-{number:04d}.jsonl").open("wb"), 0, number + 1
        written = file.write(lines)
        size, total = size + written, total + written
    if file is not None:
        file.close()
    return total


def _lines(documents: int) -> Iterator[bytes]:
    """Lines of JSON, some thousand at a time."""
    rng = np.random.default_rng(11)
    sentences = _sentences()
    footers = _footers(rng)
    # What pages repeat: those of the batch before, and a few of the twenty before that.
    old: list[list[str]] = []
    older: list[list[str]] = []
    for start in range(0, documents, _BATCH):
        count = min(_BATCH, documents - start)
        chosen = rng.integers(0, len(sentences), (count, PER_PAGE)).tolist()
        kinds = rng.random(count).tolist()
        picks = rng.integers(0, 1 << 30, count).tolist()
        sites = rng.integers(0, SITES, count).tolist()
        pages, out = [], []
        for kind, pick, page in zip(kinds, picks, chosen, strict=True):
            if old and kind < 0.1:
                paragraphs = old[pick % len(old)]
            elif old and kind < 0.2:
                paragraphs = _changed(old[pick % len(old)], pick, sentences)
            else:
                paragraphs = [
                    " ".join([sentences[number] for number in page[at : at + PER_PARAGRAPH]])
                    for at in range(0, PER_PAGE, PER_PARAGRAPH)
                ]
                pages.append(paragraphs)
            # Nothing in a page needs escapes in JSON but the ends of its lines.
            out.append("\\n\\n".join(paragraphs))
        older = [*older[-200:], *pages[:10]]
        old = [*older, *pages]
        yield "".join(
            f'{{"url": "https://bao{site}.example/bai-{number}.html", "text": "{text}{footers[site]}"}}\n'
            for number, (site, text) in enumerate(zip(sites, out, strict=True), start)
        ).encode()


def _changed(paragraphs: list[str], seed: int, sentences: list[str]) -> list[str]:
    """A near-copy: a lead before it, its end cut, or three of its words changed."""
    if seed % 3 == 0:
        return [sentences[seed % len(sentences)], *paragraphs]
    if seed % 3 == 1:
        return paragraphs[:-1]
    words = paragraphs[1].split(" ")
    for place in (7, 23, 39):
        words[(seed + place) % len(words)] = "khác"
    return [paragraphs[0], " ".join(words), *paragraphs[2:]]


def _sentences() -> list[str]:
    rng = random.Random(3)
    syllables = [onset + rhyme for onset in _ONSETS for rhyme in _RHYMES]
    words = [f"{rng.choice(syllables)} {rng.choice(syllables)}" for _ in range(_WORDS)]
    return [" ".join(rng.choices(words, k=rng.randint(9, 17))).capitalize() + "." for _ in range(SENTENCES)]


def _footers(rng: np.random.Generator) -> list[str]:
    """Two or three lines that every page of a site ends with, escaped for JSON."""
    out = []
    for site in range(SITES):
        lines = [f"Báo Số {site} – tiếng nói của bạn đọc vùng {site % 17}", f"Tòa soạn: số {site + 3} phố Mới"]
        lines += [f"Giấy phép số {1000 + site}/GP của sở"] * int(rng.integers(0, 2))
        out.append("".join(f"\\n\\n{line}" for line in lines))
    return out


def main() -> None:
    """Write a crawl."""
    size = write_crawl(int(sys.argv[1]), Path(sys.argv[2]))
    print(json.dumps({"bytes": size}))


if __name__ == "__main__":
    main()
