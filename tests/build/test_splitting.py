"""Splits of releases that were built: no copies across them, and nobody leaves `test`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.support import build, edited, rows_of, run, run_json, story, write_jsonl, write_recipe

SPLITS = {"validation": 0.2, "test": 0.2}


def corpus(folder: Path, rows: list[dict[str, Any]], **fields: Any) -> Path:
    write_jsonl(folder / "pages.jsonl", rows)
    write_recipe(folder, [{"name": "press", "path": "*.jsonl"}], **({"version": "auto"} | fields))
    return folder


def page(number: int, text: str, site: str = "a") -> dict[str, Any]:
    return {"url": f"https://{site}.example/{number}", "text": text}


def rows_by_split(release: Path) -> list[tuple[str, dict[str, Any]]]:
    """Every row with its split."""
    return [
        (path.name.split("-")[0], row)
        for path in sorted(release.glob("data/*"))
        for row in pq.read_table(path, columns=["url", "text", "source"]).to_pylist()
    ]


def split_of(release: Path) -> dict[str, str]:
    """The split of each document, by its address."""
    return {row["url"].removeprefix("https://"): split for split, row in rows_by_split(release)}


def jaccard(one: str, other: str, size: int = 5) -> float:
    """Similarity of two texts by their runs of words, as docs/deduplication.md defines near copies."""
    sets = [
        {tuple(words[at : at + size]) for at in range(len(words) - size + 1)}
        for words in (text.casefold().replace(".", " ").split() for text in (one, other))
    ]
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


@pytest.mark.parametrize("dedup", [{}, {"near": False}, {"near": False, "exact": False}, {"exact": False}])
def test_no_near_copy_of_a_document_is_in_another_split(tmp_path: Path, dedup: dict[str, Any]) -> None:
    texts = [edited(story(n), words) for n in range(25) for words in (0, 1, 2, 0)]
    release = build(
        corpus(tmp_path / "raw", [page(n, t) for n, t in enumerate(texts)], splits=SPLITS, dedup=dedup),
        tmp_path / "dist",
    )
    split = split_of(release)
    text = {row["url"].removeprefix("https://"): row["text"] for row in rows_of(release)}
    assert set(split.values()) == {"train", "validation", "test"}
    assert len(split) == (25 if dedup in ({}, {"exact": False}) else 100 if "exact" in dedup else 75)
    names = sorted(split)
    across = [
        jaccard(text[one], text[other])
        for place, one in enumerate(names)
        for other in names[place + 1 :]
        if split[one] != split[other]
    ]
    assert max(across) < 0.5


def test_shares_are_as_asked_for_among_copies_too(tmp_path: Path) -> None:
    """Of equal copies the one with the smallest id stays, so what decides must not be the id itself."""
    rows = [page(1000 * copy + n, story(n, sentences=3)) for n in range(300) for copy in range(6)]
    raw = corpus(tmp_path / "raw", rows, splits={"validation": 0.25, "test": 0.25})
    split = list(split_of(build(raw, tmp_path / "dist")).values())
    assert len(split) == 300
    assert abs(split.count("validation") - 75) < 30
    assert abs(split.count("test") - 75) < 30


def test_short_copies_that_stay_are_in_one_split(tmp_path: Path) -> None:
    """Too short for near copies, so only the hash of the text knows."""
    texts = [" ".join(story(n).split()[:12]) + "." for n in range(12)] * 4
    raw = corpus(tmp_path / "raw", [page(n, t) for n, t in enumerate(texts)], splits=SPLITS, dedup={"exact": False})
    split = split_of(build(raw, tmp_path / "dist"))
    assert len(split) == 48
    for number in range(12):
        assert len({split[f"a.example/{number + 12 * copy}"] for copy in range(4)}) == 1


def test_who_was_in_test_or_validation_stays_there_whatever_comes(tmp_path: Path) -> None:
    raw = corpus(tmp_path / "raw", [page(n, story(n)) for n in range(40)], splits=SPLITS)
    before = split_of(build(raw, tmp_path / "dist"))
    corpus(raw, [page(n, story(n)) for n in range(90, -1, -1)], splits={"validation": 0.05, "test": 0.4})
    after = split_of(build(raw, tmp_path / "dist"))
    held = {name: split for name, split in before.items() if split != "train"}
    assert len(held) > 8
    assert {name: after[name] for name in held} == held


def test_a_text_that_was_in_test_stays_there_under_another_id(tmp_path: Path) -> None:
    """Without addresses ids are made of raw records, and these change with every field."""
    rows: list[dict[str, Any]] = [{"text": story(n)} for n in range(60)]
    raw = corpus(tmp_path / "raw", rows, splits=SPLITS)
    before = {row["text"]: split for split, row in rows_by_split(build(raw, tmp_path / "dist"))}
    corpus(raw, [row | {"mood": "good"} for row in rows], splits=SPLITS)
    report = run_json("build", raw, "--dist", tmp_path / "dist")
    assert report["changes"]["added"] == {"new_in_sources": 60}
    assert {row["text"]: split for split, row in rows_by_split(Path(report["release"]))} == before


def test_with_the_same_splits_nobody_moves(tmp_path: Path) -> None:
    raw = corpus(tmp_path / "raw", [page(n, story(n)) for n in range(40)], splits=SPLITS)
    before = split_of(build(raw, tmp_path / "dist"))
    corpus(raw, [page(n, story(n).upper()) for n in range(60)], splits=SPLITS)
    after = split_of(build(raw, tmp_path / "dist"))
    assert {name: after[name] for name in before} == before
    assert {after[f"a.example/{n}"] for n in range(40, 60)} == {"train", "validation", "test"}


def test_a_new_copy_goes_where_its_original_is_and_nobody_moves(tmp_path: Path) -> None:
    rows = [page(n, story(n)) for n in range(30)]
    settings: dict[str, Any] = {"splits": SPLITS, "dedup": {"near": False}}
    raw = corpus(tmp_path / "raw", rows, **settings)
    before = split_of(build(raw, tmp_path / "dist"))
    copies = [page(1000 + n, edited(story(n), 2), "0") for n in range(30)]
    after = split_of(build(corpus(raw, copies + rows, **settings), tmp_path / "dist"))
    assert {name: after[name] for name in before} == before
    assert all(after[f"0.example/{1000 + n}"] == before[f"a.example/{n}"] for n in range(30))


def test_a_copy_that_joins_train_and_test_brings_both_into_test(tmp_path: Path) -> None:
    """Otherwise a document of train would be a near copy of one in test."""
    lines = [story(seed, sentences=40).split("\n\n") for seed in range(12)]
    rows = [page(seed, "\n\n".join(all_[:34])) for seed, all_ in enumerate(lines)]
    rows += [page(100 + seed, "\n\n".join(all_[6:])) for seed, all_ in enumerate(lines)]
    settings: dict[str, Any] = {"splits": {"test": 0.5}, "dedup": {"near": False}}
    before = split_of(build(corpus(tmp_path / "raw", rows, **settings), tmp_path / "dist"))
    parted = [n for n in range(12) if before[f"a.example/{n}"] != before[f"a.example/{100 + n}"]]
    assert parted
    joining = [page(200 + seed, "\n\n".join(all_[3:37])) for seed, all_ in enumerate(lines)]
    after = split_of(build(corpus(tmp_path / "raw", [*rows, *joining], **settings), tmp_path / "dist"))
    for n in range(12):
        [split] = {after[f"a.example/{number}"] for number in (n, 100 + n, 200 + n)}
        assert split == "test" if n in parted else before[f"a.example/{n}"]


def test_numbers_of_documents(tmp_path: Path) -> None:
    raw = corpus(tmp_path / "raw", [page(n, story(n)) for n in range(60)], splits={"validation": 7, "test": 11})
    rows = run_json("build", raw, "--dist", tmp_path / "dist")
    split = list(split_of(Path(rows["release"])).values())
    assert (split.count("validation"), split.count("test"), split.count("train")) == (7, 11, 42)
    corpus(raw, [page(n, story(n)) for n in range(80)], splits={"validation": 7, "test": 11})
    split = list(split_of(build(raw, tmp_path / "dist")).values())
    assert (split.count("validation"), split.count("test"), split.count("train")) == (7, 11, 62)


def test_by_site_no_site_is_in_two_splits(tmp_path: Path) -> None:
    rows = [page(n, story(n), f"s{n % 12}") for n in range(72)]
    raw = corpus(tmp_path / "raw", rows, splits={"by": "site", "validation": 0.3, "test": 12})
    split = split_of(build(raw, tmp_path / "dist"))
    sites: dict[str, set[str]] = {}
    for name, where in split.items():
        sites.setdefault(name.split("/")[0], set()).add(where)
    assert all(len(where) == 1 for where in sites.values())
    assert list(split.values()).count("test") == 12


def test_by_site_pages_without_an_address_go_with_their_source(tmp_path: Path) -> None:
    for name in "abcdefgh":
        write_jsonl(tmp_path / f"raw/{name}.jsonl", [{"text": story(100 * ord(name) + n)} for n in range(6)])
    sources = [{"name": name, "path": f"{name}.jsonl"} for name in "abcdefgh"]
    write_recipe(tmp_path / "raw", sources, splits={"by": "site", "test": 12})
    rows = rows_by_split(build(tmp_path / "raw", tmp_path / "dist"))
    found = {(row["source"], split) for split, row in rows}
    assert len(found) == 8
    assert len([split for split, _ in rows if split == "test"]) == 12


def test_by_time_the_newest_pages_are_test(tmp_path: Path) -> None:
    rows = [page(n, story(n)) | {"published": f"2024-{n + 1:02d}-15"} for n in range(12)] + [page(50, story(50))]
    splits = {"by": "time", "validation": date(2024, 9, 1), "test": date(2024, 11, 15)}
    split = split_of(build(corpus(tmp_path / "raw", rows, splits=splits), tmp_path / "dist"))
    assert [split[f"a.example/{n}"] for n in range(12)] == ["train"] * 8 + ["validation"] * 2 + ["test"] * 2
    assert split["a.example/50"] == "train"


@pytest.mark.parametrize(
    ("splits", "words"),
    [
        ({"test": 1.5}, "splits.test: 1.5 is neither a share below 1 nor a number of documents"),
        ({"test": "soon"}, "splits.test: 'soon' is no day such as 2026-01-31"),
        ({"by": "time", "test": 0.1}, "splits: by time, test is the first day, not 0.1"),
        ({"test": date(2024, 1, 1)}, "splits: by document, test is a share or a number of documents, not 2024-01-01"),
        ({"by": "site", "test": 0.1}, "splits by site need dedup.near"),
    ],
    ids=["number", "day", "time", "document", "site"],
)
def test_splits_that_make_no_sense(tmp_path: Path, splits: dict[str, Any], words: str) -> None:
    raw = corpus(tmp_path / "raw", [page(1, story(1))], splits=splits, dedup={"near": False})
    result = run("build", raw, "--dist", tmp_path / "dist")
    assert (result.exit_code, words in result.stderr) == (2, True), result.stderr
