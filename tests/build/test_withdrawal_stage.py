"""Withdrawal in a build: what goes, what comes along, what is computed for it, and what is left to read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from corpus.release.manifest import read_manifest
from tests.support import build, edited, rows_of, run, run_json, story, write_jsonl, write_recipe

SECRET = "Chuyện riêng của bà Bảy không ai được kể lại thêm một lần nào nữa."
RELATED = "\n\nTin liên quan\n\nBà Bảy và mười hai con vịt xiêm chạy lạc qua cầu\n\nBình luận (0)"
REASON = "asked by the writer"
OWN_STAGES = {
    "withdrawals", "fingerprints", "named", "sought", "alike", "withdrawn", "part_withdrawn", "redact"
}  # fmt: skip


def page(number: int, text: str, site: str = "a.example", **fields: Any) -> dict[str, Any]:
    return {"url": f"https://{site}/{number}", "text": text} | fields


def others(count: int = 5) -> list[dict[str, Any]]:
    return [page(100 + n, story(100 + n), "other.example") for n in range(count)]


def corpus(folder: Path, rows: Sequence[Mapping[str, Any]], version: str = "1.0.0", **fields: Any) -> Path:
    write_jsonl(folder / "pages.jsonl", rows)
    write_recipe(folder, [{"name": "press", "path": "*.jsonl"}], version=version, **fields)
    return folder


def ask(folder: Path, dist: Path, *options: str) -> None:
    run_json("withdraw", folder, "--dist", dist, "--reason", REASON, *options)


def by_hand(folder: Path, *entries: tuple[str, str]) -> None:
    write_jsonl(folder / "withdrawn.jsonl", [{"kind": k, "value": v, "reason": REASON} for k, v in entries])


def left(release: Path) -> set[str]:
    """What is left of the pages that are not of the others, by address."""
    addresses = {row["url"].removeprefix("https://") for row in rows_of(release)}
    kept_others = {address for address in addresses if address.startswith("other.example")}
    assert len(kept_others) == 5, "documents that nobody asked for have gone"
    return addresses - kept_others


def gone(release: Path) -> list[int]:
    """Positions of what is withdrawn."""
    entries = [row for row in rows_of(release, "ledger") if row["reason"] == "withdrawn"]
    assert all((row["status"], row["detail"]) == ("dropped", REASON) for row in entries)
    assert len(entries) == read_manifest(release).accounting.dropped.get("withdrawn", 0)
    return sorted(row["position"] for row in entries)


def all_text(release: Path) -> str:
    """Everything that a release says, decompressed."""
    out = []
    for path in sorted(release.rglob("*")):
        if path.suffix == ".parquet":
            out.append(json.dumps(pq.read_table(path).to_pylist(), ensure_ascii=False, default=str))
        elif path.is_file():
            out.append(path.read_text(encoding="utf-8"))
    return "\n".join(out)


def stages(folder: Path, dist: Path, **fields: Any) -> dict[str, int]:
    """Tasks that a build computes, by stage."""
    return {stage["stage"]: stage["to_run"] for stage in run_json("build", folder, "--dist", dist)["stages"]}


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("url", "http://a.example/1?utm_source=x#y", [1]),
        ("site", "a.example", [1, 2, 3]),
        ("site", "sport.a.example", [3]),
        ("id", "", [2]),
        ("hash", "", [2]),
    ],
)
def test_what_is_named_goes_and_nothing_else(tmp_path: Path, kind: str, value: str, expected: list[int]) -> None:
    rows = [page(1, story(1)), page(2, story(2)), page(1, story(3), "sport.a.example"), page(1, story(4), "ba.example")]
    folder = corpus(tmp_path / "raw", [*rows, *others()])
    first = build(folder, tmp_path / "dist")
    row = next(row for row in rows_of(first) if row["url"] == "https://a.example/2")
    values = {"id": row["id"], "hash": row["content_hash"]}
    ask(folder, tmp_path / "dist", f"--{kind}", value or values[kind])
    corpus(folder, [*rows, *others()], "1.0.1")
    release = build(folder, tmp_path / "dist")
    assert gone(release) == expected
    assert len(left(release)) == 4 - len(expected)
    manifest = read_manifest(release)
    assert manifest.withdrawn is not None
    assert manifest.withdrawn.requests == 1
    assert manifest.withdrawn.documents == {REASON: len(expected)}
    assert [entry.path for entry in manifest.other_inputs] == ["withdrawn.jsonl"]
    assert run("verify", release).exit_code == 0


@pytest.mark.parametrize("dedup", [{}, {"near": False}, {"near": False, "exact": False}])
def test_copies_that_were_dropped_do_not_come_back(tmp_path: Path, dedup: dict[str, Any]) -> None:
    text = story(1)
    rows = [page(1, text), page(2, text.upper()), page(3, edited(text, 2)), page(4, story(4)), *others()]
    folder = corpus(tmp_path / "raw", rows, dedup=dedup)
    release = build(folder, tmp_path / "dist")
    one = next(row for row in rows_of(release) if row["url"] in {f"https://a.example/{n}" for n in (1, 2, 3)})
    ask(folder, tmp_path / "dist", "--id", one["id"])
    corpus(folder, rows, "1.0.1", dedup=dedup)
    release = build(folder, tmp_path / "dist")
    assert gone(release) == [1, 2, 3]
    assert left(release) == {"a.example/4"}


def test_what_hangs_together_with_a_withdrawn_document_goes_as_a_whole(tmp_path: Path) -> None:
    """A chain of near-copies is one document of the release, whatever the ends of it have in common."""
    texts = [story(1, sentences=20)]
    for number in range(6):
        texts.append(edited(texts[-1].replace("khác", f"đổi{number}"), 3) + f" Câu thêm thứ {number} để bài dài hơn.")
    folder = corpus(tmp_path / "raw", [page(n, text) for n, text in enumerate(texts)] + others())
    assert len(left(build(folder, tmp_path / "dist"))) == 1
    by_hand(folder, ("url", "https://a.example/0"))
    assert gone(build(folder, tmp_path / "later")) == [1, 2, 3, 4, 5, 6, 7]


def test_near_copies_are_known_when_the_page_and_its_releases_have_gone(tmp_path: Path) -> None:
    folder = corpus(tmp_path / "raw", [page(1, story(1)), *others()])
    build(folder, tmp_path / "dist")
    ask(folder, tmp_path / "dist", "--url", "https://a.example/1")
    shutil.rmtree(tmp_path / "dist")
    shutil.rmtree(folder / ".corpus")
    copies = [
        page(1, edited(story(1), 3), "b.example"),
        page(2, story(1).upper(), "b.example"),
        page(3, story(2), "b.example"),
    ]
    corpus(folder, [*copies, *others()], "1.1.0")
    release = build(folder, tmp_path / "dist")
    assert gone(release) == [1, 2]
    assert left(release) == {"b.example/3"}


def test_a_document_that_no_release_had_takes_its_near_copies_along(tmp_path: Path) -> None:
    rows = [page(1, story(1)), page(1, edited(story(1), 3), "b.example"), page(2, story(2)), *others()]
    folder = corpus(tmp_path / "raw", rows, dedup={"near": False})
    by_hand(folder, ("url", "https://a.example/1"))
    assert gone(build(folder, tmp_path / "dist")) == [1, 2]


def test_of_short_documents_only_exact_copies_go(tmp_path: Path) -> None:
    short = "Hôm nay trời mưa to ở xã Vĩnh Hòa từ sáng sớm."
    rows = [page(1, short), page(2, short.replace("mưa", "nắng")), page(3, short.lower()), *others()]
    folder = corpus(tmp_path / "raw", rows, dedup={"near": False, "exact": False})
    by_hand(folder, ("url", "https://a.example/1"))
    assert gone(build(folder, tmp_path / "dist")) == [1, 3]


def test_pages_without_text_are_no_copies_of_one_another(tmp_path: Path) -> None:
    rows = [page(1, "Bình luận (0)"), page(2, "Bình luận (0)"), *others()]
    folder = corpus(tmp_path / "raw", rows)
    by_hand(folder, ("url", "https://a.example/1"))
    release = build(folder, tmp_path / "dist")
    assert gone(release) == [1]
    assert read_manifest(release).accounting.dropped == {"empty": 1, "withdrawn": 1}


def test_a_near_copy_is_known_by_the_paragraphs_that_it_lost_to_the_original(tmp_path: Path) -> None:
    rows = [page(1, story(1, 20)), page(2, edited(story(1, 20), 3)), *others()]
    fields: dict[str, Any] = {"dedup": {"near": False, "paragraphs": {"min_words": 5}}}
    folder = corpus(tmp_path / "raw", rows, **fields)
    before = build(folder, tmp_path / "before")
    assert {row["position"] for row in rows_of(before, "audit")} == {2}
    by_hand(folder, ("url", "https://a.example/1"))
    release = build(folder, tmp_path / "dist")
    assert gone(release) == [1, 2]
    assert rows_of(release, "audit") == []


def test_no_word_of_withdrawn_documents_is_left_in_the_release(tmp_path: Path) -> None:
    text = f"{story(1)}\n\n{SECRET}{RELATED}"
    copy = f"{edited(story(1), 3)}\n\n{SECRET}{RELATED}"
    rows = [page(1, text, title=SECRET), page(2, copy, "b.example", title=SECRET), page(3, text)]
    rows += [page(4, f"{story(4)}\n\nTin liên quan\n\nMột con vịt khác qua cầu\n\nBình luận (0)"), *others()]
    folder = corpus(tmp_path / "raw", rows)
    first = build(folder, tmp_path / "dist")
    assert "Bà Bảy và mười hai con vịt" in all_text(first)
    assert "bà Bảy không ai" in all_text(first)
    ask(folder, tmp_path / "dist", "--url", "https://a.example/1", "--by", "Nguyễn Thị Bảy")
    corpus(folder, rows, "1.0.1")
    release = build(folder, tmp_path / "dist")
    assert gone(release) == [1, 2, 3]
    said = all_text(release)
    for words in ("Bảy", "vịt xiêm", "a.example/1", "b.example"):
        assert words not in said
    accounting = read_manifest(release).accounting
    audit = rows_of(release, "audit")
    assert "Một con vịt khác" in str(audit)
    assert sum(accounting.removed_lines.values()) == len(audit)
    assert accounting.removed_chars == sum(len(line["text"]) for line in audit)
    assert run("verify", release).exit_code == 0


def test_withdrawal_comes_before_any_other_reason(tmp_path: Path) -> None:
    rows = [page(1, "ngắn"), page(2, "cũng ngắn"), *others()]
    fields: dict[str, Any] = {"quality": {"limits": {"words": {"min": 5}}}}
    folder = corpus(tmp_path / "raw", rows, **fields)
    before = read_manifest(build(folder, tmp_path / "before")).accounting
    assert before.dropped == {"quality": 2}
    [limit] = before.limits
    by_hand(folder, ("url", "https://a.example/1"))
    release = build(folder, tmp_path / "dist")
    assert gone(release) == [1]
    accounting = read_manifest(release).accounting
    assert accounting.dropped == {"quality": 1, "withdrawn": 1}
    assert accounting.limits == {limit: 1}


def test_of_several_requests_the_first_one_is_told(tmp_path: Path) -> None:
    rows = [page(1, story(1)), page(2, story(2)), *others()]
    folder = corpus(tmp_path / "raw", rows)
    requests = [
        {"kind": "url", "value": "https://a.example/1", "reason": "first"},
        {"kind": "site", "value": "a.example", "reason": "second"},
    ]
    write_jsonl(folder / "withdrawn.jsonl", requests)
    release = build(folder, tmp_path / "dist")
    told = {row["position"]: row["detail"] for row in rows_of(release, "ledger") if row["reason"] == "withdrawn"}
    assert told == {1: "first", 2: "second"}
    withdrawn = read_manifest(release).withdrawn
    assert withdrawn is not None
    assert withdrawn.documents == {"first": 1, "second": 1}


def test_the_release_is_the_same_however_the_files_are_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [page(n, edited(story(n // 3), n % 3)) for n in range(60)] + others()
    digests = set()
    for place, size in enumerate((None, 8_000)):
        folder = corpus(tmp_path / str(place), rows, dedup={"near": False})
        by_hand(folder, *(("url", f"https://a.example/{n}") for n in range(0, 60, 9)))
        if size:
            for module in ("graph", "inputs", "stages.decontaminate"):
                monkeypatch.setattr(f"corpus.build.{module}.DEFAULT_PART_BYTES", size)
        release = build(folder, tmp_path / str(place) / "dist", "--workers", "1")
        digests.add(read_manifest(release).digest)
        assert len(gone(release)) == 3 * 7
    assert len(digests) == 1


class TestWhatIsComputed:
    def test_without_a_list_nothing_of_it_runs(self, tmp_path: Path) -> None:
        folder = corpus(tmp_path / "raw", [page(1, story(1)), *others()])
        assert not OWN_STAGES & set(stages(folder, tmp_path / "dist"))
        release = next((tmp_path / "dist").glob("*/*-1.0.0"))
        assert read_manifest(release).withdrawn is None
        assert not list(release.glob("ledger/withdrawn*"))

    def test_an_unchanged_list_is_in_the_cache(self, tmp_path: Path) -> None:
        folder = corpus(tmp_path / "raw", [page(1, story(1)), *others()])
        by_hand(folder, ("url", "https://a.example/1"))
        build(folder, tmp_path / "dist")
        assert sum(stages(folder, tmp_path / "dist").values()) == 0

    def test_a_request_more_leaves_cleaning_merging_and_fingerprints_alone(self, tmp_path: Path) -> None:
        for name in ("a", "b"):
            rows = [page(n, story(ord(name) * 100 + n), f"{name}.example") for n in range(4)]
            write_jsonl(tmp_path / "raw" / f"{name}.jsonl", rows)
        sources = [{"name": name, "path": f"{name}.jsonl"} for name in ("a", "b")]
        write_recipe(tmp_path / "raw", sources)
        by_hand(tmp_path / "raw", ("url", "https://a.example/1"))
        build(tmp_path / "raw", tmp_path / "dist")
        by_hand(tmp_path / "raw", ("url", "https://a.example/1"), ("url", "https://a.example/2"))
        computed = {stage: n for stage, n in stages(tmp_path / "raw", tmp_path / "later").items() if n}
        # Of the other source nothing has changed.
        assert set(computed) <= {*OWN_STAGES, "select", "place", "pack", "concat"} - {"fingerprints"}
        assert computed["select"] == computed["redact"] == 1

    def test_a_dry_run_lists_what_it_knows(self, tmp_path: Path) -> None:
        folder = corpus(tmp_path / "raw", [page(1, story(1)), *others()])
        build(folder, tmp_path / "dist")
        by_hand(folder, ("url", "https://a.example/1"))
        plan = {
            stage["stage"]: stage
            for stage in run_json("build", folder, "--dist", tmp_path / "x", "--dry-run")["stages"]
        }
        assert plan["withdrawals"]["to_run"] == 1
        assert not plan["select"]["complete"]
        build(folder, tmp_path / "later")
        result = run("build", folder, "--dist", tmp_path / "x", "--dry-run")
        assert "nothing to run" in result.output


class TestTheList:
    def test_is_never_read_as_raw_input_nor_are_the_cards_own_paragraphs(self, tmp_path: Path) -> None:
        folder = corpus(tmp_path / "raw", [page(1, story(1)), *others()])
        (folder / "card.md").write_text(story(77), encoding="utf-8")
        sources = [{"name": "press", "path": "*.jsonl"}, {"name": "notes", "path": "*.md", "format": "text"}]
        (folder / "notes.md").write_text(story(78), encoding="utf-8")
        write_recipe(folder, sources)
        by_hand(folder, ("url", "https://a.example/9"))
        release = build(folder, tmp_path / "dist")
        files = {row["path"] for row in pq.read_table(release / "ledger" / "inputs.parquet").to_pylist()}
        assert files == {"pages.jsonl", "notes.md"}

    def test_cannot_be_a_source(self, tmp_path: Path) -> None:
        folder = corpus(tmp_path / "raw", others())
        write_recipe(folder, [{"name": "press", "path": ["pages.jsonl", "withdrawn.jsonl"]}])
        by_hand(folder, ("url", "https://a.example/9"))
        result = run("build", folder, "--dist", tmp_path / "dist")
        assert result.exit_code == 2
        assert "withdrawn.jsonl: belongs to the recipe" in result.stderr

    def test_stops_the_build_before_it_begins_where_a_line_is_broken(self, tmp_path: Path) -> None:
        folder = corpus(tmp_path / "raw", others())
        (folder / "withdrawn.jsonl").write_text('{"kind": "url"}\n', encoding="utf-8")
        result = run("build", folder, "--dist", tmp_path / "dist")
        assert result.exit_code == 2
        assert "withdrawn.jsonl:1: " in result.stderr
        assert not (tmp_path / "dist").exists()

    def test_that_meets_nothing_is_told_of_all_the_same(self, tmp_path: Path) -> None:
        folder = corpus(tmp_path / "raw", [page(1, story(1)), *others()])
        by_hand(folder, ("site", "later.example"), ("id", "0" * 32))
        release = build(folder, tmp_path / "dist")
        withdrawn = read_manifest(release).withdrawn
        assert withdrawn is not None
        assert (withdrawn.requests, withdrawn.documents) == (2, {})
        assert left(release) == {"a.example/1"}

    def test_may_be_empty(self, tmp_path: Path) -> None:
        folder = corpus(tmp_path / "raw", [page(1, story(1)), *others()])
        (folder / "withdrawn.jsonl").write_text("\n", encoding="utf-8")
        release = build(folder, tmp_path / "dist")
        assert left(release) == {"a.example/1"}
        assert run("verify", release).exit_code == 0
