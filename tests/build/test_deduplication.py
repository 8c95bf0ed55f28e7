"""Copies in a build: which documents and lines go, what the ledger and the audit say of it, and what is computed."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from corpus.release.manifest import read_manifest
from tests.support import build, edited, rows_of, run, run_json, story, tree, write_jsonl, write_recipe

Rows = Sequence[Mapping[str, Any]]


def corpus(folder: Path, rows: Rows, name: str = "pages", **fields: Any) -> Path:
    """A recipe over one JSONL file; answers the folder."""
    write_jsonl(folder / f"{name}.jsonl", rows)
    write_recipe(folder, [{"name": "press", "path": "*.jsonl"}], **fields)
    return folder


def page(number: int, text: str, site: str = "a.example", **fields: Any) -> dict[str, Any]:
    return {"url": f"https://{site}/{number}", "text": text} | fields


def addresses(release: Path) -> dict[str, int]:
    """How many copies each document of a release stands for, by its address."""
    return {row["url"].removeprefix("https://"): row["duplicates"] for row in rows_of(release)}


class TestNearCopies:
    def test_longest_stays_and_the_ledger_says_what_for(self, tmp_path: Path) -> None:
        longer = story(1) + "\n\n" + story(9, sentences=1)
        rows = [
            page(1, story(1)),
            page(2, longer),
            page(3, edited(story(1))),
            page(4, story(2)),
            page(5, longer.upper()),
        ]
        release = build(corpus(tmp_path / "raw", rows), tmp_path / "dist")
        kept = {row["url"]: row for row in rows_of(release)}
        assert set(kept) & {"https://a.example/1", "https://a.example/3"} == set()
        ledger = {row["position"]: row for row in rows_of(release, "ledger")}
        [stays] = [row["id"] for url, row in kept.items() if not url.endswith("/4")]
        for position in (1, 3):
            assert (ledger[position]["reason"], ledger[position]["detail"]) == ("near_duplicate", stays)
            assert 0.8 <= ledger[position]["similarity"] < 1
        assert [ledger[n]["cluster"] for n in (1, 2, 3, 4, 5)] == [stays, stays, stays, None, stays]
        assert [ledger[n]["cluster_size"] for n in (1, 2, 4)] == [4, 4, None]
        assert sorted(addresses(release).values()) == [1, 4]
        assert run("verify", release).exit_code == 0

    def test_can_be_left_alone(self, tmp_path: Path) -> None:
        rows = [page(1, story(1)), page(2, edited(story(1)))]
        release = build(corpus(tmp_path / "raw", rows, dedup={"near": None}), tmp_path / "dist")
        assert len(rows_of(release)) == 2

    def test_threshold_is_the_recipes(self, tmp_path: Path) -> None:
        rows = [page(1, story(1)), page(2, edited(story(1), words=6))]
        near = {"near": {"threshold": 0.5}}
        assert len(rows_of(build(corpus(tmp_path / "high", rows), tmp_path / "one"))) == 2
        assert len(rows_of(build(corpus(tmp_path / "low", rows, dedup=near), tmp_path / "two"))) == 1

    def test_preferred_source_stays_where_the_recipe_says_so(self, tmp_path: Path) -> None:
        write_jsonl(tmp_path / "raw" / "a.jsonl", [page(1, story(1) + "\n\n" + story(9, sentences=1))])
        write_jsonl(tmp_path / "raw" / "b.jsonl", [page(2, story(1))])
        sources = [{"name": name, "path": f"{name}.jsonl"} for name in ("a", "b")]
        write_recipe(tmp_path / "raw", sources, dedup={"keep": ["source", "longest"], "prefer": ["b"]})
        assert addresses(build(tmp_path / "raw", tmp_path / "dist")) == {"a.example/2": 2}

    def test_chains_are_one_cluster_and_keep_one(self, tmp_path: Path) -> None:
        texts = [story(1, sentences=20)]
        for number in range(4):
            texts.append(edited(texts[-1]) + f" Câu thêm thứ {number} để bài dài hơn.")
        rows = [page(number, text) for number, text in enumerate(texts)]
        assert addresses(build(corpus(tmp_path / "raw", rows), tmp_path / "dist")) == {"a.example/4": 5}

    @pytest.mark.parametrize(
        "texts",
        [
            [f"Giá vàng hôm nay {n} triệu đồng một lượng." for n in range(70, 90)],
            [f"Theo thống kê của sở thì đến cuối tháng này số hộ có nước sạch là {n}" for n in range(300, 320)],
            ["Hà Nội", "Huế", "Đà Nẵng", "Cần Thơ", "Hà"],
            [
                f"Lịch phát sóng ngày {n}\n" + "\n".join(f"{h} giờ: phim số {n * h}" for h in range(20))
                for n in range(1, 8)
            ],
        ],
        ids=["one number", "one number at the end", "one word", "lists"],
    )
    def test_short_texts_and_lists_are_nobodys_copies(self, tmp_path: Path, texts: list[str]) -> None:
        rows = [page(number, text) for number, text in enumerate(texts)]
        recipe: dict[str, Any] = {"clean": {"boilerplate": False, "metadata": False}, "dedup": {"site_lines": None}}
        assert len(rows_of(build(corpus(tmp_path / "raw", rows, **recipe), tmp_path / "dist"))) == len(texts)


FOOTER = "Cơ quan chủ quản Hội Nhà vườn miền Tây, giấy phép số mười hai"


class TestLinesOfSites:
    def test_leave_the_pages_before_these_are_compared(self, tmp_path: Path) -> None:
        rows = [page(n, story(n) + f"\n\n{FOOTER}") for n in range(12)]
        rows.append(page(1, story(3), site="b.example"))
        release = build(corpus(tmp_path / "raw", rows), tmp_path / "dist")
        assert not [row for row in rows_of(release) if FOOTER in row["text"]]
        [gone] = [row for row in rows_of(release, "ledger") if row["status"] == "dropped"]
        assert gone["reason"] == "exact_duplicate"
        audit = rows_of(release, "audit")
        assert {(row["rule"], row["text"], row["line"]) for row in audit} == {("site_line_v1", FOOTER, 25)}
        assert len(audit) == 12
        assert read_manifest(release).accounting.removed_lines == {"site_line_v1": 12}
        assert run("verify", release).exit_code == 0

    def test_what_follows_from_the_text_is_found_out_again(self, tmp_path: Path) -> None:
        rows = [page(n, story(n) + f"\n\n{FOOTER}") for n in range(12)]
        release = build(corpus(tmp_path / "raw", rows), tmp_path / "dist")
        for row in rows_of(release):
            assert row["n_chars"] == len(row["text"])
            assert row["quality"]["words"] == row["n_words"] == len(row["text"].split())

    def test_leave_some_pages_of_many(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("corpus._tables.GROUP_BYTES", 10_000)
        rows = [page(n, story(n) + f"\n\n{FOOTER}") for n in range(12)]
        rows[6:6] = [page(n, story(n), site="b.example") for n in range(100, 140)]
        release = build(corpus(tmp_path / "raw", rows), tmp_path / "dist")
        assert [row["text"] for row in rows_of(release)] == [row["text"].removesuffix(f"\n\n{FOOTER}") for row in rows]

    def test_a_source_is_the_site_of_pages_without_address(self, tmp_path: Path) -> None:
        rows = [{"text": story(n) + f"\n\n{FOOTER}"} for n in range(12)]
        release = build(corpus(tmp_path / "raw", rows), tmp_path / "dist")
        assert not any(FOOTER in row["text"] for row in rows_of(release))

    def test_lines_that_a_rule_of_ones_own_keeps_stay(self, tmp_path: Path) -> None:
        rows = [page(n, story(n) + f"\n\n{FOOTER}") for n in range(12)]
        rules = [{"name": "ours", "phrases": [FOOTER], "keep": True}]
        release = build(corpus(tmp_path / "raw", rows, clean={"rules": rules}), tmp_path / "dist")
        assert all(FOOTER in row["text"] for row in rows_of(release))

    def test_pages_that_are_dropped_do_not_count(self, tmp_path: Path) -> None:
        rows = [page(n, story(n, sentences=1 if n > 8 else 12) + f"\n\n{FOOTER}") for n in range(15)]
        limits = {"limits": {"words": {"min": 60}}}
        release = build(corpus(tmp_path / "raw", rows, quality=limits), tmp_path / "dist")
        assert [FOOTER in row["text"] for row in rows_of(release)] == [True] * 9

    def test_small_sites_keep_theirs(self, tmp_path: Path) -> None:
        rows = [page(n, story(n) + f"\n\n{FOOTER}") for n in range(9)]
        release = build(corpus(tmp_path / "raw", rows), tmp_path / "dist")
        assert all(FOOTER in row["text"] for row in rows_of(release))

    def test_can_be_left_alone(self, tmp_path: Path) -> None:
        rows = [page(n, story(n) + f"\n\n{FOOTER}") for n in range(12)]
        release = build(corpus(tmp_path / "raw", rows, dedup={"site_lines": None}), tmp_path / "dist")
        assert all(FOOTER in row["text"] for row in rows_of(release))

    def test_an_article_under_many_addresses_keeps_its_text(self, tmp_path: Path) -> None:
        rows = [page(n, edited(story(1), words=n % 3)) for n in range(30)]
        release = build(corpus(tmp_path / "raw", rows), tmp_path / "dist")
        assert addresses(release).popitem()[1] == 30
        assert rows_of(release, "audit") == []


class TestEvaluationData:
    question = "Con kênh nào nối chợ huyện với bến đò cũ của xã Vĩnh Hòa trước mùa nước nổi năm ấy"

    def raw(self, folder: Path, action: str) -> Path:
        write_jsonl(folder / "quiz" / "questions.jsonl", [{"question": self.question, "answer": "Kênh Mười"}])
        rows = [page(1, story(1) + f"\n\n{self.question}?\n\n" + story(2)), page(2, story(3))]
        part = {"files": {"kenh-quiz": "quiz/*.jsonl"}, "action": action}
        return corpus(folder, rows, decontaminate=part)

    def test_documents_that_hold_it_are_dropped(self, tmp_path: Path) -> None:
        release = build(self.raw(tmp_path / "raw", "drop"), tmp_path / "dist")
        [gone] = [row for row in rows_of(release, "ledger") if row["status"] == "dropped"]
        assert (gone["reason"], gone["position"]) == ("contaminated", 1)
        assert gone["detail"].startswith("kenh-quiz: ")
        report = (read_manifest(release).contamination or {})["kenh-quiz"]
        assert (report.items, report.items_found, report.documents) == (1, 1, 1)
        assert "| `kenh-quiz` | 1 | 1 | 1 |" in (release / "README.md").read_text(encoding="utf-8")
        assert run("verify", release).exit_code == 0

    def test_what_was_found_is_on_the_screen(self, tmp_path: Path) -> None:
        result = run("build", self.raw(tmp_path / "raw", "drop"), "--dist", tmp_path / "dist")
        assert "benchmark    kenh-quiz: 1 of 1 item found in 1 document\n" in result.stdout

    def test_or_lose_the_lines(self, tmp_path: Path) -> None:
        release = build(self.raw(tmp_path / "raw", "cut"), tmp_path / "dist")
        assert [self.question in row["text"] for row in rows_of(release)] == [False, False]
        [line] = rows_of(release, "audit")
        assert (line["rule"], line["why"], line["line"]) == ("contaminated_v1", "kenh-quiz", 25)

    def test_a_benchmark_that_is_not_there_is_an_error(self, tmp_path: Path) -> None:
        raw = corpus(tmp_path / "raw", [page(1, story(1))], decontaminate={"files": {"quiz": "quiz/*.jsonl"}})
        result = run("build", raw, "--dist", tmp_path / "dist")
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
        assert "quiz/*.jsonl" in result.stderr


class TestParagraphs:
    shared = story(7, sentences=1) + " " + story(8, sentences=1).lower()

    def test_stay_where_they_come_first(self, tmp_path: Path) -> None:
        rows = [page(n, story(n) + f"\n\n{self.shared}\n\n" + story(n + 50)) for n in range(3)]
        release = build(corpus(tmp_path / "raw", rows, dedup={"paragraphs": {}}), tmp_path / "dist")
        assert [self.shared in row["text"] for row in rows_of(release)] == [True, False, False]
        assert [(row["rule"], row["position"], row["line"]) for row in rows_of(release, "audit")] == [
            ("repeated_paragraph_v1", 2, 25),
            ("repeated_paragraph_v1", 3, 25),
        ]
        assert run("verify", release).exit_code == 0

    def test_leave_pages_that_have_lost_lines_before(self, tmp_path: Path) -> None:
        rows = [page(n, f"{FOOTER}\n\n" + story(n)) for n in range(25)]
        rows += [page(n, f"{FOOTER}\n\n{self.shared}\n\n" + story(n)) for n in (30, 31)]
        release = build(corpus(tmp_path / "raw", rows, dedup={"paragraphs": {}}), tmp_path / "dist")
        assert not any(FOOTER in row["text"] for row in rows_of(release))
        [again] = [row for row in rows_of(release, "audit") if row["rule"] == "repeated_paragraph_v1"]
        assert (again["position"], again["line"]) == (27, 3)

    def test_stay_where_the_earlier_one_went_with_its_document(self, tmp_path: Path) -> None:
        rows = [
            page(1, self.shared + "\n\n" + story(1, sentences=2)),
            page(1, story(2)),
            page(3, story(3) + f"\n\n{self.shared}"),
        ]
        release = build(corpus(tmp_path / "raw", rows, dedup={"paragraphs": {}}), tmp_path / "dist")
        assert [self.shared in row["text"] for row in rows_of(release)] == [False, True]


class TestGrowingCorpora:
    def test_what_an_earlier_version_released_stays(self, tmp_path: Path) -> None:
        longer = story(1) + "\n\n" + story(9, sentences=1)
        raw = corpus(tmp_path / "raw", [page(1, story(1)), page(3, story(3))])
        first = build(raw, tmp_path / "dist")
        corpus(raw, [page(2, longer), page(4, story(3).upper())], name="more", version="1.1.0")
        second = build(raw, tmp_path / "dist")
        assert addresses(second) == {"a.example/1": 2, "a.example/3": 2}
        parent = read_manifest(second).parents[0]
        assert parent is not None
        assert (parent.version, parent.digest) == ("1.0.0", read_manifest(first).digest)
        assert "a.example/2" in addresses(build(raw, tmp_path / "without the first"))

    def test_a_file_more_is_all_that_is_read_cleaned_and_hashed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for module in ("graph", "inputs", "stages.read"):
            monkeypatch.setattr(f"corpus.build.{module}.DEFAULT_PART_BYTES", 30_000)
        footer = [page(n, story(n) + f"\n\n{FOOTER}") for n in range(30)]
        raw = corpus(tmp_path / "raw", footer, name="a")
        write_jsonl(raw / "b.jsonl", [page(n, edited(story(n % 40), n % 2)) for n in range(100, 180)])
        write_jsonl(raw / "d.jsonl", [page(n, story(n)) for n in range(200, 230)])
        build(raw, tmp_path / "dist")
        corpus(raw, [page(300, story(300)), page(301, edited(story(201)))], name="c", version="1.1.0")
        stages = {stage["stage"]: stage for stage in run_json("build", raw, "--dist", tmp_path / "dist")["stages"]}
        ran = {name: stage["tasks"] - stage["cached"] for name, stage in stages.items()}
        assert {name: ran[name] for name in ("read", "clean", "lines", "revise", "keys")} == {
            "read": 1,
            "clean": 1,
            "lines": 1,
            "revise": 0,
            "keys": 1,
        }
        # Besides the new part, one has a document that a new one is a copy of.
        assert stages["keys"]["tasks"] > 6
        assert (ran["shingles"], ran["select"]) == (2, 2)

    def test_a_release_is_not_built_again_without_the_one_that_it_follows_on(self, tmp_path: Path) -> None:
        raw = corpus(tmp_path / "raw", [page(1, story(1)), page(2, story(2))])
        first = build(raw, tmp_path / "dist")
        corpus(raw, [page(3, story(3))], name="more", version="1.1.0")
        second = build(raw, tmp_path / "dist")
        shutil.move(first, tmp_path / "elsewhere")
        result = run("build", raw, "--dist", tmp_path / "dist")
        assert result.exit_code == 2
        assert "follows on bridges-1.0.0, which is not in" in result.stderr
        report = run_json("build", raw, "--dist", tmp_path / "dist", "--parent", tmp_path / "elsewhere")
        assert (report["new"], Path(report["release"])) == (False, second)

    def test_an_altered_release_is_nothing_to_build_on(self, tmp_path: Path) -> None:
        raw = corpus(tmp_path / "raw", [page(1, story(1))])
        first = build(raw, tmp_path / "dist")
        data = next(first.glob("data/*"))
        data.write_bytes(data.read_bytes()[:-1] + b"x")
        corpus(raw, [page(2, story(2))], name="more", version="1.1.0")
        result = run("build", raw, "--dist", tmp_path / "dist")
        assert result.exit_code == 1
        assert "were altered" in result.stderr


class TestSameResult:
    @pytest.fixture
    def raw(self, tmp_path: Path) -> Path:
        for name in ("a", "b", "c"):
            rows = [
                page(
                    n,
                    "Đọc tiếp trang sau\n\n" + edited(story(n % 25), n % 3) + f"\n\n{FOOTER}",
                    site=f"{name}.example",
                    published=f"2024-01-{n % 28 + 1:02d}",
                )
                for n in range(60)
            ]
            write_jsonl(tmp_path / "raw" / f"{name}.jsonl", [*rows, *rows[:5]])
        rules = [{"name": "ours", "phrases": ["Đọc tiếp trang sau"]}]
        recipe: dict[str, Any] = {"dedup": {"paragraphs": {}}, "clean": {"rules": rules}}
        write_recipe(
            tmp_path / "raw", [{"name": "press", "path": "*.jsonl", "fields": {"published": "published"}}], **recipe
        )
        return tmp_path / "raw"

    def test_whatever_the_order_of_the_documents(self, tmp_path: Path) -> None:
        rows = [page(n, edited(story(n % 12, sentences=12 + n % 2), n % 4)) for n in range(60)]
        orders = rows, rows[::-1], sorted(rows, key=lambda row: row["text"])
        found = [
            addresses(build(corpus(tmp_path / f"raw{n}", order), tmp_path / f"dist{n}"))
            for n, order in enumerate(orders)
        ]
        assert found[0] == found[1] == found[2]
        assert sum(found[0].values()) == 60

    def test_whatever_the_size_of_parts_buckets_and_pieces(
        self, raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = build(raw, tmp_path / "whole")
        assert {"own/ours", "site_line_v1"} <= {row["rule"] for row in rows_of(whole, "audit")}
        expected = tree(whole)
        for module in ("graph", "inputs", "stages.read"):
            monkeypatch.setattr(f"corpus.build.{module}.DEFAULT_PART_BYTES", 10_000)
        monkeypatch.setattr("corpus.dedup.buckets.BUCKET_BYTES", 2_000)
        monkeypatch.setattr("corpus.build.stages.merge.CHUNK_ROWS", 50)
        report = run_json("build", raw, "--dist", tmp_path / "parts")
        assert min(s["tasks"] for s in report["stages"] if s["stage"] in {"same_text", "candidates", "near"}) > 3
        assert tree(Path(report["release"])) == expected


def test_copies_that_fill_more_than_memory_are_found_piece_by_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.build.stages.near.SHINGLES_AT_ONCE", 2000)
    copies = [page(n, f"Bản in số {n}. " + story(1) + f" Hết bản {n}.") for n in range(60)]
    pair = [page(n, edited(story(2), n % 2)) for n in range(100, 102)]
    release = build(corpus(tmp_path / "raw", [*copies, *pair], dedup={"site_lines": None}), tmp_path / "dist")
    assert sorted(addresses(release).values()) == [2, 60]


def test_identical_and_empty_documents_by_the_thousand_are_accounted_for(tmp_path: Path) -> None:
    rows = [page(n, story(1)) for n in range(3000)] + [page(n, "Bình luận (0)", site="b.example") for n in range(3000)]
    report = run_json("build", corpus(tmp_path / "raw", rows), "--dist", tmp_path / "dist")
    assert report["accounting"]["kept"] == 1
    assert report["accounting"]["dropped"] == {"empty": 3000, "exact_duplicate": 2999}
