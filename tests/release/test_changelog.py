"""The changelog of a release, from its manifest alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from corpus.release.changelog import write_changelog
from corpus.release.manifest import Changes, Manifest, Parent, Withdrawn, read_manifest
from tests.release.diff_helpers import document, write_release


def manifest(folder: Path, documents: int = 2, **fields: Any) -> Manifest:
    rows = [document(n, source="blog" if n == 0 else "press") for n in range(documents)]
    return read_manifest(write_release(folder / "release", {"train-0": rows}, **fields))


def changes(**fields: Any) -> Changes:
    nothing: dict[str, Any] = {"added": {}, "removed": {}, "changed": {}, "schema_changes": [], "recipe_changes": []}
    return Changes(**({"level": "minor"} | nothing | fields))


def parent(version: str, documents: int, what: Changes | None = None) -> Parent:
    return Parent(version=version, digest="0" * 64, documents=documents, changes=what)


def test_the_first_version_says_what_it_is(tmp_path: Path) -> None:
    assert write_changelog(manifest(tmp_path, 3)) == (
        "# Changelog of bridges\n\n## 1.0.0\n\n3 documents. The first version.\n\n"
        "- Sources: `press` 2, `blog` 1.\n- Languages: `vi` 3.\n"
    )


def test_a_later_version_says_what_is_different_by_reason(tmp_path: Path) -> None:
    what = changes(
        level="major",
        added={"new_in_sources": 1200, "was_near_duplicate": 1},
        removed={"withdrawn": 2},
        changed={"cleaned_otherwise": 5},
        schema_changes=["column votes came: int64 or null"],
        recipe_changes=["dedup.near.threshold", "sources.blog"],
    )
    text = write_changelog(manifest(tmp_path, version="2.0.0", changes=what, parents=[parent("1.0.0", 803)]))
    assert text == (
        "# Changelog of bridges\n\n"
        "## 2.0.0\n\n"
        "2 documents. A major version. Documents: 1,201 added, 2 removed, 5 changed.\n\n"
        "- Added: 1,200 new in sources, 1 was near duplicate.\n"
        "- Removed: 2 withdrawn.\n"
        "- Changed: 5 cleaned otherwise.\n"
        "- Schema: column votes came: int64 or null.\n"
        "- Recipe: `dedup.near.threshold`, `sources.blog`.\n\n"
        "## 1.0.0\n\n"
        "803 documents. The first version.\n"
    )


def test_versions_stand_newest_first(tmp_path: Path) -> None:
    parents = [
        parent("1.1.0", 9, changes(added={"new_in_sources": 4})),
        parent("1.0.1", 5, changes(level="patch", removed={"withdrawn": 1})),
        parent("1.0.0", 6),
    ]
    text = write_changelog(manifest(tmp_path, version="1.1.1", changes=changes(level="patch"), parents=parents))
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## 1.1.1",
        "## 1.1.0",
        "## 1.0.1",
        "## 1.0.0",
    ]
    assert "5 documents. A patch version. Documents: 1 removed.\n\n- Removed: 1 withdrawn.\n" in text


def test_a_version_of_the_same_documents_says_so(tmp_path: Path) -> None:
    text = write_changelog(manifest(tmp_path, changes=changes(level="patch"), parents=[parent("0.9.0", 2)]))
    assert "2 documents. A patch version. The documents are the same.\n\n## 0.9.0" in text


def test_a_version_whose_changes_nobody_wrote_down_is_not_called_the_first(tmp_path: Path) -> None:
    text = write_changelog(manifest(tmp_path, version="1.2.0", parents=[parent("1.1.0", 2), parent("1.0.0", 1)]))
    assert text.count("Its changes are not recorded.") == 2
    assert text.count("The first version.") == 1


def test_withdrawals_are_counted_by_reason(tmp_path: Path) -> None:
    withdrawn = Withdrawn(sha256="0" * 64, requests=3, documents={"author's wish": 2, "court\norder": 1})
    text = write_changelog(manifest(tmp_path, withdrawn=withdrawn))
    assert "of what the sources still hold: 3 documents (author's wish: 2; court order: 1)." in text
