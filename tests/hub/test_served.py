"""Which published versions still hold what was withdrawn, by the manifest of a later one."""

from __future__ import annotations

from pathlib import Path

from corpus.hub.served import Served, served_lines, still_served
from corpus.release.manifest import Manifest, read_manifest
from tests.support import build, run, small_corpus


def after_requests(folder: Path, *numbers: int) -> Manifest:
    """The manifest of the last of several versions, each of which leaves out one page more than the one before."""
    raw, dist = small_corpus(folder / "raw", version="auto"), folder / "dist"
    release = build(raw, dist)
    for number in numbers:
        asked = ("--url", f"https://a.example/{number}", "--reason", "asked", "--dist", dist)
        assert run("withdraw", raw, *asked).exit_code == 0
        release = build(raw, dist)
    return read_manifest(release)


def test_every_version_below_one_that_took_documents_out_is_named(tmp_path: Path) -> None:
    manifest = after_requests(tmp_path, 3, 1)
    tags = ["v0.1.2", "v0.1.1", "v0.1.0", "v0.0.9", "paper", "v2", "v0.2.0"]
    assert still_served(manifest, tags) == (Served("0.0.9", 2), Served("0.1.0", 2), Served("0.1.1", 1))


def test_versions_that_are_not_published_or_came_later_are_not(tmp_path: Path) -> None:
    assert still_served(after_requests(tmp_path, 3), ["v0.1.1", "v1.0.0"]) == ()


def test_without_requests_nothing_is_said(tmp_path: Path) -> None:
    served = still_served(after_requests(tmp_path), ["v0.0.1", "v0.1.0"])
    assert (served, served_lines("org/x", served)) == ((), [])


def test_first_version_of_a_line_counts_what_it_left_out_itself(tmp_path: Path) -> None:
    later = after_requests(tmp_path, 3)
    alone = later.model_copy(update={"parents": [], "changes": None})
    assert still_served(alone, ["v0.1.0"]) == (Served("0.1.0", 1),)


def test_the_lines_name_versions_and_the_command_that_takes_them_back(tmp_path: Path) -> None:
    lines = served_lines("org/x", still_served(after_requests(tmp_path, 3, 1), ["v0.1.0", "v0.1.1", "v0.1.2"]))
    assert lines == [
        "org/x still serves documents that were withdrawn, in 2 older versions: 0.1.0 (up to 2), 0.1.1 (up to 1)",
        "`corpus publish --repo org/x --retire v0.1.0 --retire v0.1.1` takes these versions back; "
        "--erase-history their files too",
    ]
