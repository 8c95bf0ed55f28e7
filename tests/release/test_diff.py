"""What differs between the documents of two releases, and why."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus import Diff, Release, diff
from corpus.document import KEPT_TYPES, document_schema
from corpus.errors import ReleaseError, UsageError
from corpus.release.database import database
from corpus.release.diff import Side
from corpus.release.diff.reasons import LEDGER_ORDER, stage_of
from corpus.release.diff.sides import different_data
from corpus.release.manifest import Column, columns_of
from corpus.release.reasons import STAGE_OF
from tests.release.diff_helpers import Row, document, fate, write_release

Counts = dict[str, int]


def compare(tmp_path: Path, old: Sequence[Row], new: Sequence[Row], **options: Any) -> Diff:
    """Compare two releases with a file of the split train each."""
    return compare_files(tmp_path, {"train-0": old}, {"train-0": new}, **options)


def compare_files(
    tmp_path: Path,
    old: Mapping[str, Sequence[Row]],
    new: Mapping[str, Sequence[Row]],
    *,
    old_ledger: Sequence[Row] = (),
    new_ledger: Sequence[Row] = (),
    kept: Mapping[str, str] | None = None,
    **options: Any,
) -> Diff:
    before = write_release(tmp_path / "old", old, ledger=old_ledger, kept=kept)
    after = write_release(tmp_path / "new", new, ledger=new_ledger, kept=kept)
    return diff(before, after, **options)


def numbers(found: Diff) -> tuple[Counts, Counts, Counts]:
    """Documents added, removed and changed, by reason."""
    added, removed, changed = (
        {one.reason: one.documents for one in some} for some in (found.added, found.removed, found.changed)
    )
    return added, removed, changed


def rows(*numbers: int) -> list[Row]:
    return [document(number) for number in numbers]


def test_the_same_release_has_no_difference(tmp_path: Path) -> None:
    found = compare(tmp_path, rows(1, 2, 3), rows(1, 2, 3))
    assert (found.level, found.changes()) == (None, None)
    assert numbers(found) == ({}, {}, {})
    assert found.uploads is not None
    assert found.uploads.new_bytes == 0


def test_rows_in_other_files_and_another_order_are_no_difference(tmp_path: Path) -> None:
    old = {"train-0": rows(1, 2, 3), "train-1": rows(4, 5)}
    found = compare_files(tmp_path, old, {"train-0": rows(5, 4, 3), "train-1": rows(2), "train-2": rows(1)})
    assert found.level is None


def test_a_row_that_moves_to_a_file_of_others_is_no_difference(tmp_path: Path) -> None:
    old = {"train-0": rows(1, 2), "train-1": rows(3, 4), "train-2": rows(5)}
    assert (
        compare_files(tmp_path, old, {"train-0": rows(1, 2), "train-1": rows(3), "train-2": rows(4, 5)}).level is None
    )


def test_added_documents_say_whether_the_release_before_had_seen_them(tmp_path: Path) -> None:
    ledger = [fate(document(3), reason="near_duplicate"), fate(document(4), reason="quality")]
    found = compare(tmp_path, rows(1), rows(1, 2, 3, 4), old_ledger=ledger)
    assert numbers(found)[0] == {"new_in_sources": 1, "was_near_duplicate": 1, "was_quality": 1}
    assert {one.reason: one.stage for one in found.added} == {
        "new_in_sources": "read",
        "was_near_duplicate": "deduplicate",
        "was_quality": "clean",
    }
    assert found.level == "minor"


def test_removed_documents_say_why_the_later_release_left_them_out(tmp_path: Path) -> None:
    ledger = [fate(document(2), reason="withdrawn"), fate(document(3), reason="near_duplicate")]
    found = compare(tmp_path, rows(1, 2, 3, 4), rows(1), new_ledger=ledger)
    assert numbers(found)[1] == {"near_duplicate": 1, "not_in_sources": 1, "withdrawn": 1}
    assert found.level == "patch"


def test_of_several_records_of_an_id_the_one_that_went_furthest_says_why(tmp_path: Path) -> None:
    ledger = [fate(document(2), reason="same_url"), fate(document(2), reason="exact_duplicate", position=90)]
    assert numbers(compare(tmp_path, rows(1, 2), rows(1), new_ledger=ledger))[1] == {"exact_duplicate": 1}


@pytest.mark.parametrize("position", [2, None])
def test_a_record_that_cannot_be_read_any_more_is_known_by_its_place(tmp_path: Path, position: int | None) -> None:
    ledger = [fate(document(2), "quarantined", "not_json", id=None, position=position)]
    found = compare(tmp_path, rows(1, 2), rows(1), new_ledger=ledger)
    assert numbers(found)[1] == {"quarantined": 1}


def test_a_record_that_can_be_read_at_last_was_quarantined(tmp_path: Path) -> None:
    ledger = [fate(document(2), "quarantined", "not_json", id=None)]
    assert numbers(compare(tmp_path, rows(1), rows(1, 2, 3), old_ledger=ledger))[0] == {
        "new_in_sources": 1,
        "was_quarantined": 1,
    }


def test_changed_documents_are_told_apart_by_their_raw_record(tmp_path: Path) -> None:
    new = [document(1, text="Khác."), document(2, text="Khác.", raw_hash="other"), document(3)]
    found = compare(tmp_path, rows(1, 2, 3), new)
    assert numbers(found)[2] == {"changed_in_source": 1, "cleaned_otherwise": 1}
    assert found.columns == {"n_chars": 2, "n_words": 2, "text": 2, "raw_hash": 1}
    assert found.level == "minor"


def test_a_document_in_another_split_is_changed(tmp_path: Path) -> None:
    found = compare_files(tmp_path, {"train-0": rows(1, 2)}, {"train-0": rows(1), "test-0": rows(2)})
    assert numbers(found) == ({}, {}, {"split": 1})
    assert found.level == "minor"


def test_whole_files_that_become_another_split_are_changed(tmp_path: Path) -> None:
    found = compare_files(tmp_path, {"train-0": rows(1, 2)}, {"test-0": rows(1, 2)})
    assert numbers(found)[2] == {"split": 2}


def test_another_number_of_copies_alone_is_a_patch(tmp_path: Path) -> None:
    found = compare(tmp_path, rows(1, 2), [document(1, duplicates=4), document(2)])
    assert numbers(found)[2] == {"duplicates": 1}
    assert found.level == "patch"


def test_copies_and_a_split_at_once_count_as_a_split(tmp_path: Path) -> None:
    found = compare_files(tmp_path, {"train-0": rows(1)}, {"test-0": [document(1, duplicates=2)]})
    assert numbers(found)[2] == {"split": 1}
    assert found.level == "minor"


@pytest.mark.parametrize(
    ("column", "old", "new"),
    [
        ("title", None, ""),
        ("title", "Cầu", None),
        ("published", None, "2026-01-01"),
        ("languages", [], [{"tag": "vi", "share": 1.0}]),
        ("languages", [{"tag": "vi", "share": 0.6}, {"tag": "en", "share": 0.4}], [{"tag": "vi", "share": 0.6}]),
        (
            "languages",
            [{"tag": "vi", "share": 0.5}, {"tag": "en", "share": 0.4}],
            [{"tag": "en", "share": 0.5}, {"tag": "vi", "share": 0.4}],
        ),
        ("languages", None, []),
        ("quality", {"words": 1, "characters": 2}, {"words": 2, "characters": 1}),
        ("quality", {"words": 1, "characters": None}, {"words": None, "characters": 1}),
        ("quality", None, {}),
        ("votes", None, 0),
        ("score", 0.1, 0.2),
        ("score", None, 0.0),
        ("fresh", None, False),
        ("note", "a", "á"),
    ],
)
def test_any_other_value_of_any_column_is_seen(tmp_path: Path, column: str, old: Any, new: Any) -> None:
    kept = {"votes": "int64", "score": "float64", "fresh": "bool", "note": "string"}
    schema = _all_nullable(kept)
    sides = []
    for name, value in (("old", old), ("new", new)):
        value = date.fromisoformat(value) if column == "published" and value else value
        files = {"train-0": [document(1, **{column: value}), document(2)]}
        sides.append(write_release(tmp_path / name, files, kept=kept, schema=schema))
    found = diff(*sides)
    assert found.columns == {column: 1}
    assert numbers(found)[2] == {"cleaned_otherwise": 1}


def test_nulls_of_both_sides_are_equal_in_every_kind_of_column(tmp_path: Path) -> None:
    kept = {"votes": "int64", "score": "float64", "fresh": "bool", "note": "string"}
    empty = {**dict.fromkeys(("languages", "quality", "title", "published")), "text": "Một."}
    old, new = ({"train-0": [document(1, **empty), document(n)]} for n in (2, 3))
    sides = [
        write_release(tmp_path / name, files, kept=kept, schema=_all_nullable(kept))
        for name, files in (("old", old), ("new", new))
    ]
    assert numbers(diff(*sides)) == ({"new_in_sources": 1}, {"not_in_sources": 1}, {})


def test_columns_that_only_one_side_has_make_no_document_another(tmp_path: Path) -> None:
    before = write_release(tmp_path / "old", {"train-0": rows(1, 2)})
    after = write_release(tmp_path / "new", {"train-0": [document(1, votes=3), document(2)]}, kept={"votes": "int64"})
    found = diff(before, after)
    assert numbers(found) == ({}, {}, {})
    assert found.schema_changes == ("column votes came: int64 or null",)
    assert found.level == "major"


def test_a_column_of_another_type_makes_no_document_another(tmp_path: Path) -> None:
    before = write_release(tmp_path / "old", {"train-0": [document(1, votes="3")]}, kept={"votes": "string"})
    after = write_release(tmp_path / "new", {"train-0": [document(1, votes=3)]}, kept={"votes": "int64"})
    found = diff(before, after)
    assert found.schema_changes == ("column votes is int64 instead of string",)
    assert numbers(found)[2] == {}


def test_fields_that_came_and_went_within_a_column_leave_the_others_to_compare(tmp_path: Path) -> None:
    def write(name: str, signals: dict[str, int], shares: list[dict[str, Any]]) -> Path:
        values = [document(1, quality=signals, languages=shares), document(2, quality=signals, languages=shares)]
        schema, columns = _with_nested(signals, shares[0])
        return write_release(tmp_path / name, {"train-0": values}, schema=schema, columns=columns)

    old = write("old", {"words": 3, "gone": 1}, [{"tag": "vi", "share": 1.0}])
    new = write("new", {"come": 2, "words": 3}, [{"tag": "vi"}])
    found = diff(old, new)
    assert numbers(found) == ({}, {}, {})
    assert found.schema_changes == (
        "column languages.share went",
        "column quality.gone went",
        "column quality.come came: int64",
    )
    other = write("other", {"come": 2, "words": 4}, [{"tag": "en"}])
    assert diff(old, other).columns == {"languages": 2, "quality": 2}


def test_files_that_both_sides_have_are_not_joined(tmp_path: Path) -> None:
    old = {"train-0": rows(1, 2), "train-1": rows(3)}
    before = write_release(tmp_path / "old", old)
    after = write_release(tmp_path / "new", {"train-0": rows(2, 1), "train-1": rows(3), "train-2": rows(4)})
    sides = [Side.of(Release.open(path)) for path in (before, after)]
    assert [[entry.path for entry in some] for some in different_data(*sides)] == [[], ["data/train-2.parquet"]]


def test_every_reason_of_a_ledger_has_a_stage_and_a_place_in_the_order() -> None:
    assert set(LEDGER_ORDER) == set(STAGE_OF)
    assert {reason: stage_of(f"was_{reason}") for reason in STAGE_OF} == STAGE_OF
    assert stage_of("of_a_later_program") == "other"


@pytest.mark.parametrize("ending", ["parquet", "jsonl"])
def test_a_list_names_every_document_that_differs(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"it's a list.{ending}"
    new = [*rows(1), document(3, title="Cầu mới", text="Khác."), *rows(4)]
    compare(tmp_path, rows(1, 2, 3), new, documents=path)
    found = (
        pq.read_table(path).to_pylist()
        if ending == "parquet"
        else [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    )
    assert [(row["what"], row["reason"], row["stage"], row["id"], row["url"], row["title"]) for row in found] == [
        ("added", "new_in_sources", "read", document(4)["id"], "https://a.example/4", None),
        ("changed", "cleaned_otherwise", "clean", document(3)["id"], "https://a.example/3", "Cầu mới"),
        ("removed", "not_in_sources", "read", document(2)["id"], "https://a.example/2", None),
    ]
    assert [(row["old_split"], row["new_split"], row["columns"]) for row in found] == [
        (None, "train", None),
        ("train", "train", ["text", "title", "n_chars", "n_words"]),
        ("train", None, None),
    ]


def test_a_list_of_no_difference_is_empty(tmp_path: Path) -> None:
    compare(tmp_path, rows(1), rows(1), documents=tmp_path / "list.parquet")
    table = pq.read_table(tmp_path / "list.parquet")
    assert len(table) == 0
    assert table.column_names[:4] == ["what", "reason", "stage", "id"]


@pytest.mark.parametrize(
    ("name", "message"), [("list.csv", "ends in .parquet or .jsonl"), ("no/list.jsonl", "there is no folder")]
)
def test_a_list_that_cannot_be_written_is_refused_before_the_work(tmp_path: Path, name: str, message: str) -> None:
    release = write_release(tmp_path / "old", {"train-0": rows(1)})
    for path in release.rglob("*.parquet"):
        path.unlink()
    with pytest.raises(UsageError, match=message):
        diff(release, release, documents=tmp_path / name)


def test_the_list_is_the_same_in_every_run(tmp_path: Path) -> None:
    old = write_release(tmp_path / "old", {"train-0": rows(*range(3000)), "train-1": rows(*range(3000, 4000))})
    new = write_release(tmp_path / "new", {"train-0": rows(*range(2000, 7000))})
    paths = [tmp_path / f"{run}.parquet" for run in range(3)]
    found = [diff(old, new, documents=path) for path in paths]
    assert found[0] == found[1] == found[2]
    assert len({path.read_bytes() for path in paths}) == 1


def test_little_memory_gives_the_same_answer_from_the_disk(tmp_path: Path) -> None:
    old = write_release(tmp_path / "old", {"train-0": rows(*range(6000))})
    new = write_release(tmp_path / "new", {"train-0": [document(n, text=f"Khác {n}") for n in range(1000, 8000)]})
    folder = tmp_path / "spilled"
    folder.mkdir()
    assert diff(old, new, memory=60_000_000, folder=folder) == diff(old, new)
    assert list(folder.iterdir()) == []


def test_nothing_is_left_behind_by_a_comparison_that_fails(tmp_path: Path) -> None:
    old = write_release(tmp_path / "old", {"train-0": [document(1, id="not hexadecimal")]})
    new = write_release(tmp_path / "new", {"train-0": rows(1)})
    folder = tmp_path / "spilled"
    folder.mkdir()
    with pytest.raises(ReleaseError, match="not the tables of a release"):
        diff(old, new, folder=folder, documents=tmp_path / "list.jsonl")
    assert list(folder.iterdir()) == []
    assert not (tmp_path / "list.jsonl").exists()


def test_an_interrupted_query_ends_as_ctrl_c_does_and_leaves_nothing(tmp_path: Path) -> None:
    def work() -> None:
        with database(200_000_000, tmp_path) as connection:
            threading.Timer(1, connection.interrupt).start()
            connection.execute("SELECT sum(hash(range)) FROM range(1_000_000_000_000)")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert list(tmp_path.iterdir()) == []


def test_text_on_the_whole_is_compared_over_all_files(tmp_path: Path) -> None:
    old = [document(n, n_chars=100 * n, source="press" if n < 6 else "blog") for n in range(1, 11)]
    new = [*old, *(document(n, n_chars=5000, language="en") for n in range(11, 21))]
    shifts = compare_files(tmp_path, {"train-0": old}, {"train-0": old, "test-0": new[10:]}).shifts
    assert [(one.name, one.old, one.new, one.old_share, one.new_share) for one in shifts.sources] == [
        ("blog", 5, 5, 0.5, 0.25),
        ("press", 5, 15, 0.5, 0.75),
    ]
    assert [(one.name, one.old, one.new) for one in shifts.languages] == [("en", 0, 10), ("vi", 10, 10)]
    assert [(one.name, one.old, one.new) for one in shifts.splits] == [("test", 0, 10), ("train", 10, 10)]
    chars = {one.quantile: (one.old, one.new) for one in shifts.lengths if one.column == "n_chars"}
    assert chars == {0.05: (100, 100), 0.25: (300, 500), 0.5: (500, 1000), 0.75: (800, 5000), 0.95: (1000, 5000)}


def test_signals_that_moved_most_come_first(tmp_path: Path) -> None:
    def with_words(number: int, words: int, characters: int) -> Row:
        return document(number, quality={**document(0)["quality"], "words": words, "characters": characters})

    old = [with_words(1, 10, 100), with_words(2, 20, 300)]
    new = [with_words(1, 30, 100), with_words(2, 40, 320)]
    signals = compare(tmp_path, old, new).shifts.signals
    assert [(one.name, one.old_mean, one.new_mean, one.deviations) for one in signals[:2]] == [
        ("words", 15.0, 35.0, 4.0),
        ("characters", 200.0, 210.0, 0.1),
    ]
    assert signals[2].deviations == 0


def test_uploads_count_the_chunks_that_the_old_release_lacks(tmp_path: Path) -> None:
    texts = [f"{n} {'x' * (n % 50)}" for n in range(100)]
    old = {"train-0": rows(*range(500)), "train-1": rows(*range(500, 900))}
    new = old | {"train-2": [document(1000 + n, text=text) for n, text in enumerate(texts)]}
    uploads = compare_files(tmp_path, old, new).uploads
    assert uploads is not None
    assert [file.path for file in uploads.files] == ["data/train-2.parquet", "ledger/documents-00000-of-00001.parquet"]
    assert uploads.new_bytes == sum(file.new_bytes for file in uploads.files) <= uploads.bytes
    assert uploads.share == round(uploads.new_bytes / uploads.bytes, 4)


def test_uploads_are_left_out_where_nobody_asks(tmp_path: Path) -> None:
    assert compare(tmp_path, rows(1), rows(2), uploads=False).uploads is None


def test_the_manifest_keeps_the_difference_by_reason(tmp_path: Path) -> None:
    ledger = [fate(document(2), reason="withdrawn")]
    found = compare(tmp_path, rows(1, 2), [document(1, duplicates=2), document(3)], new_ledger=ledger)
    changes = found.changes()
    assert changes is not None
    assert changes.model_dump() == {
        "level": "minor",
        "added": {"new_in_sources": 1},
        "removed": {"withdrawn": 1},
        "changed": {"duplicates": 1},
        "schema_changes": [],
        "recipe_changes": [],
    }


def test_releases_without_a_document_can_be_compared(tmp_path: Path) -> None:
    found = compare(tmp_path, [], rows(1))
    assert numbers(found) == ({"new_in_sources": 1}, {}, {})
    assert found.shifts.lengths == ()


def _all_nullable(kept: Mapping[str, str]) -> pa.Schema:
    schema = document_schema({name: KEPT_TYPES[type_] for name, type_ in kept.items()})
    return pa.schema([field.with_nullable(True) for field in schema])


def _with_nested(signals: Mapping[str, int], share: Mapping[str, Any]) -> tuple[pa.Schema, list[Column]]:
    """The schema of the program with other fields in `quality` and `languages`, and what a manifest says of it."""
    types = {"tag": pa.string(), "share": pa.float64()}
    nested = {
        "quality": pa.struct([(name, pa.int64()) for name in signals]),
        "languages": pa.list_(pa.struct([(name, types[name]) for name in share])),
    }
    fields = {
        "quality": [Column(name=name, type="int64", nullable=False, description="") for name in signals],
        "languages": [Column(name=name, type=str(types[name]), nullable=False, description="") for name in share],
    }
    schema = pa.schema([field.with_type(nested.get(field.name, field.type)) for field in document_schema({})])
    columns = [
        column.model_copy(update={"fields": fields.get(column.name, column.fields)}) for column in columns_of({})
    ]
    return schema, columns
