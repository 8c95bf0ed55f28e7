"""Secrets are found wherever they stand in a release, and never told."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus.errors import ReleaseError
from corpus.release import secrets
from corpus.release.manifest import FileEntry, Manifest, read_manifest
from corpus.release.secrets import Secret, Secrets, find_secrets
from tests.support import article, build, rows_of, run, small_corpus, write_jsonl, write_recipe

# Put together here, so that no scanner takes this file for what it looks for.
KEY = "hf_" + "aBcDeFgHiJkLmNoPq" * 2
OTHER = "ghp_" + "A1b2C3d4E5f6" * 3


def built(folder: Path, row: dict[str, Any] | None = None, **recipe: Any) -> Path:
    """A release of six pages, the fourth of which has something special."""
    rows: list[dict[str, Any]] = [{"url": f"https://a.example/{n}", "text": article(n), "note": "x"} for n in range(6)]
    rows[3] |= row or {}
    write_jsonl(folder / "raw" / "pages.jsonl", rows)
    write_recipe(folder / "raw", [{"name": "press", "path": "*.jsonl", "keep": ["note"]}], **recipe)
    return build(folder / "raw", folder / "dist")


def found(release: Path) -> list[str]:
    """All places, as a person reads them; none tells the value."""
    places = find_secrets(release, read_manifest(release))
    assert places.total == len(places.named)
    out = [str(place) for place in places.named]
    assert not any(KEY in repr(place) or OTHER in repr(place) for place in places.named)
    return out


def place_of(release: Path, table: str, holding: str) -> tuple[int, str]:
    """Row and id of the only row of a table that holds a text."""
    ((number, row),) = (
        (number, row)
        for number, row in enumerate(rows_of(release, table), 1)
        if holding in json.dumps(row, default=str)
    )
    return number, row["id"]


def test_clean_release_has_none_and_its_digests_are_no_secrets(tmp_path: Path) -> None:
    release = built(tmp_path)
    assert find_secrets(release, read_manifest(release)) == Secrets(0, ())


def test_key_in_a_text_is_named_by_file_row_id_and_column(tmp_path: Path) -> None:
    release = built(tmp_path, {"text": f"{article(3)}\n\nMáy chủ dùng khóa {KEY} để tải dữ liệu về mỗi đêm."})
    row, id = place_of(release, "data", KEY)
    assert found(release) == [f"data/train-00000-of-00001.parquet row {row} (id {id}): text"]


def test_key_in_a_column_that_is_carried_along(tmp_path: Path) -> None:
    release = built(tmp_path, {"note": OTHER})
    row, id = place_of(release, "data", OTHER)
    assert found(release) == [f"data/train-00000-of-00001.parquet row {row} (id {id}): note"]


def test_password_in_an_address(tmp_path: Path) -> None:
    release = built(tmp_path, {"url": "https://editor:" + "s3cr3tw0rd" + "@b.example/3"})
    row, id = place_of(release, "data", "b.example")
    assert f"data/train-00000-of-00001.parquet row {row} (id {id}): url" in found(release)


def test_key_in_a_removed_line_is_found_in_the_audit(tmp_path: Path) -> None:
    text = f"{article(3)}\n\nGiá lúa: {KEY}"
    release = built(tmp_path, {"text": text}, clean={"rules": [{"name": "prices", "patterns": ["^Giá lúa"]}]})
    row, id = place_of(release, "audit", KEY)
    assert found(release) == [f"audit/removed-00000-of-00001.parquet row {row} (id {id}): text"]


def test_key_in_the_reason_of_a_request_is_found_in_ledger_and_pages(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw", version="auto")
    build(raw, tmp_path / "dist")
    said = ("--url", "https://a.example/3", "--reason", f"it tells {KEY}", "--dist", tmp_path / "dist")
    assert run("withdraw", raw, *said).exit_code == 0
    release = build(raw, tmp_path / "dist")
    places = found(release)
    row, id = place_of(release, "ledger", KEY)
    assert f"ledger/documents-00000-of-00001.parquet row {row} (id {id}): detail" in places
    assert any(place.startswith("ledger/withdrawn-") and place.endswith(": reason") for place in places)
    assert any(place.startswith("manifest.json line ") for place in places)


def test_key_in_own_paragraphs_of_the_card_is_found_in_its_line(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw")
    (raw / "card.md").write_text(f"## Uses\n\nSongs.\n{KEY}\n", encoding="utf-8")
    release = build(raw, tmp_path / "dist")
    lines = (release / "README.md").read_text(encoding="utf-8").splitlines()
    assert f"README.md line {lines.index(KEY) + 1}" in found(release)


def test_key_right_behind_an_escaped_line_break_of_json(tmp_path: Path) -> None:
    release = built(tmp_path, release={"description": f"Songs.\n{KEY}\n"})
    lines = (release / "manifest.json").read_text(encoding="utf-8").splitlines()
    wanted = [f"manifest.json line {number}" for number, line in enumerate(lines, 1) if KEY in line]
    assert wanted
    assert [place for place in found(release) if place.startswith("manifest.json")] == wanted
    assert any(place.startswith("croissant.json line ") for place in found(release))


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, Manifest]:
    """A folder for tables written by a test, and a manifest that names `data/x.parquet` alone."""
    release = built(tmp_path / "any")
    entry = FileEntry(path="data/x.parquet", sha256="0" * 64, bytes=0)
    return release, read_manifest(release).model_copy(update={"files": [entry]})


def written(made: tuple[Path, Manifest], columns: dict[str, Any], rows_a_group: int = 100) -> Secrets:
    release, manifest = made
    pq.write_table(pa.table(columns), release / "data" / "x.parquet", row_group_size=rows_a_group)
    return find_secrets(release, manifest)


def test_strings_in_lists_and_structs_are_looked_through_and_nulls_are_none(made: tuple[Path, Manifest]) -> None:
    tags = [None, [], [{"tag": "vi", "more": None}, {"tag": KEY, "more": ["a", None, OTHER]}], [None]]
    words = [["a", KEY], None, [None], [KEY, KEY]]
    places = written(made, {"tags": tags, "words": words, "n": [1, 2, 3, 4]})
    path = "data/x.parquet"
    assert places == Secrets(
        4,
        (Secret(path, 1, "words"), Secret(path, 3, "tags.more"), Secret(path, 3, "tags.tag"), Secret(path, 4, "words")),
    )


def test_rows_are_counted_over_row_groups_and_batches(
    made: tuple[Path, Manifest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "_BATCH_BYTES", 1500)
    texts = [f"Bản tin {n}" + (f" {KEY}" if n in (7, 41, 42, 99) else "") for n in range(100)]
    places = written(made, {"text": texts}, rows_a_group=30)
    assert [(place.number, place.column) for place in places.named] == [(n + 1, "text") for n in (7, 41, 42, 99)]


def test_what_one_value_ends_with_does_not_hide_what_the_next_one_begins_with(made: tuple[Path, Manifest]) -> None:
    places = written(made, {"text": ["abc", KEY, "def", "", None, KEY], "other": ["x"] * 6})
    assert [place.number for place in places.named] == [2, 6]


def test_all_are_counted_and_the_first_thousand_named(made: tuple[Path, Manifest]) -> None:
    places = written(made, {"text": [KEY] * 2500}, rows_a_group=400)
    assert places.total == 2500
    assert [place.number for place in places.named] == list(range(1, 1001))


def test_digests_by_the_thousand_are_no_secrets(made: tuple[Path, Manifest]) -> None:
    digests = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(5000)]
    assert not written(made, {"id": [digest[:32] for digest in digests], "sha256": digests, "text": digests})


def test_progress_adds_up_to_all_bytes_of_the_release_and_the_answer_is_the_same_with_one_worker(
    tmp_path: Path,
) -> None:
    release = built(tmp_path, {"text": f"{article(3)}\n\n{KEY}", "note": OTHER})
    manifest = read_manifest(release)
    told: list[int] = []
    places = find_secrets(release, manifest, workers=1, progress=told.append)
    assert len(told) > 5
    assert sum(told) == sum(path.stat().st_size for path in release.rglob("*") if path.is_file())
    assert places == find_secrets(release, manifest, workers=3)
    assert [place.column for place in places.named] == ["text", "note"]


def test_memory_does_not_grow_with_the_number_of_row_groups(made: tuple[Path, Manifest]) -> None:
    pool, usual = pa.system_memory_pool(), pa.default_memory_pool()

    def most(groups: int) -> int:
        release, manifest = made
        with pq.ParquetWriter(release / "data" / "x.parquet", pa.schema([("text", pa.string())])) as writer:
            for group in range(groups):
                writer.write_table(pa.table({"text": [f"{group} {n} " * 500 for n in range(1000)]}))
        pa.set_memory_pool(pool)
        try:
            assert not find_secrets(release, manifest, workers=1)
        finally:
            pa.set_memory_pool(usual)
        return int(pool.max_memory())

    few = most(4)
    assert few > 4_000_000
    assert most(24) < 1.25 * few


def test_missing_and_damaged_tables_are_named(made: tuple[Path, Manifest]) -> None:
    release, manifest = made
    with pytest.raises(ReleaseError, match=r"data/x\.parquet: missing"):
        find_secrets(release, manifest)
    (release / "data" / "x.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(ReleaseError, match=r"data/x\.parquet: cannot be read"):
        find_secrets(release, manifest)
