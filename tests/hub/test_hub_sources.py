"""Recipes whose sources are dataset repos on the Hub: what is read, what is pinned, and what a lost Hub does."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus.release.manifest import Manifest, read_manifest
from tests.hub.faults import Fault
from tests.hub.hub_helpers import Hub
from tests.support import article, build, rows_of, tree, write_recipe

REPO = "org/pages"


def pages(start: int, stop: int) -> list[dict[str, Any]]:
    return [{"url": f"https://a.example/{n}", "text": article(n)} for n in range(start, stop)]


def parquet(rows: Iterable[Mapping[str, Any]], row_group_size: int = 4) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows)), out, row_group_size=row_group_size)
    return out.getvalue()


def jsonl(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def csv_of(rows: list[dict[str, Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def zst(content: bytes) -> bytes:
    return bytes(pa.compress(content, "zstd", asbytes=True))


FILES = {
    "data/a.parquet": parquet(pages(0, 9)),
    "data/b.jsonl": jsonl(pages(9, 14)),
    "data/c.jsonl.gz": gzip.compress(jsonl(pages(14, 18)), mtime=0),
    "data/d.csv": csv_of(pages(18, 22)),
    "data/e.tsv.bz2": bz2.compress(csv_of(pages(22, 24)).replace(b",", b"\t")),
    "data/f.txt": article(24).encode(),
    "data/g.json.zst": zst(json.dumps(pages(25, 28)).encode()),
    "data/h.parquet.gz": gzip.compress(parquet(pages(28, 31)), mtime=0),
    "data/i.jsonl.gz": gzip.compress(jsonl(pages(31, 36)), mtime=0)[:-20],
    "data/j.jsonl": b'{"text": "half\n',
    "data/k.parquet": b"no parquet",
    "data/l.txt": b"",
}
"""Of each kind one, and of each way to be damaged."""


def fill(hub: Hub, files: dict[str, bytes], *, private: bool = False, gated: bool = False) -> str:
    """Put files on the head of the repo; answer the commit."""
    if hub.server.repos.get(REPO) is None:
        hub.server.repos.create(REPO, private=private, gated=gated)
    return hub.commit(REPO, files)


def recipe(hub: Hub, source: Mapping[str, Any], **fields: Any) -> Path:
    """A recipe with one source, on the machine of the hub; answers its folder."""
    folder = hub.folder / "recipe"
    fields = {"version": "auto", "limits": {"max_bad_share": 0.9}} | fields
    write_recipe(folder, [{"name": "press", **source}], **fields)
    return folder


def made(hub: Hub, folder: Path, **environment: str) -> Path:
    """Build there; answer the folder of the release."""
    done = hub.corpus("build", str(folder), "--dist", str(hub.folder / "dist"), "--json", **environment)
    assert done.returncode == 0, done.stderr
    return Path(json.loads(done.stdout)["release"])


def refused(hub: Hub, folder: Path, **environment: str) -> tuple[int, str]:
    """Build there, in vain; answer the exit code and the one line of the message."""
    done = hub.corpus("build", str(folder), "--dist", str(hub.folder / "dist"), **environment)
    said = [line for line in done.stderr.splitlines() if line.startswith("corpus: ")]
    assert (done.stdout, len(said), "Traceback" in done.stderr) == ("", 1, False), done.stderr
    return done.returncode, said[0]


def read_paths(hub: Hub) -> set[str]:
    """Files of the repo of which any bytes were asked for."""
    return {seen.path.split("/", 6)[-1] for seen in hub.server.seen if "/resolve/" in seen.path}


def ranges(hub: Hub) -> list[tuple[int, int]]:
    """The stretches that were asked for where large files are."""
    asked = [seen.range for seen in hub.server.seen if seen.path.startswith("/lfs/")]
    assert all(asked)
    return [(int(start), int(end) + 1) for start, end in (str(each)[6:].split("-") for each in asked)]


def press(manifest: Manifest) -> Any:
    [entry] = manifest.inputs
    return entry


def test_files_of_a_repo_give_the_same_release_as_the_same_files_in_a_folder(hub: Hub, tmp_path: Path) -> None:
    """Also of what cannot be read: its place and reason stand in the ledger."""
    fill(hub, FILES)
    for path, content in FILES.items():
        (tmp_path / "local/data").mkdir(parents=True, exist_ok=True)
        (tmp_path / "local" / path).write_bytes(content)
    fields: Any = {"version": "auto", "limits": {"max_bad_share": 0.9}}
    write_recipe(tmp_path / "local", [{"name": "press", "path": "data"}], **fields)
    local = build(tmp_path / "local", tmp_path / "dist")
    release = made(hub, recipe(hub, {"hub": REPO, "path": "data"}))
    there, here = tree(release), tree(local)
    assert len(rows_of(release)) == 35
    assert {row["reason"] for row in rows_of(release, "ledger") if row["status"] == "quarantined"} == {
        "truncated", "not_json", "corrupt", "empty_file",
    }  # fmt: skip
    about = {"manifest.json", "README.md", "croissant.json", "CHANGELOG.md"}
    assert {path: there[path] for path in there.keys() - about} == {path: here[path] for path in here.keys() - about}
    assert press(read_manifest(release)).sha256 == press(read_manifest(local)).sha256


def test_revision_is_pinned_to_its_commit_in_manifest_and_card(hub: Hub) -> None:
    first = fill(hub, {"a.parquet": parquet(pages(0, 5))})
    hub.repo(REPO).tag("v1", first)
    fill(hub, {"a.parquet": parquet(pages(5, 10))})
    release = made(hub, recipe(hub, {"hub": f"{REPO}@v1", "path": "*.parquet"}))
    entry = press(read_manifest(release))
    assert (entry.hub, entry.commit) == (REPO, first)
    assert [row["url"] for row in rows_of(release)] == [page["url"] for page in pages(0, 5)]
    card = (release / "README.md").read_text(encoding="utf-8")
    assert f"[{REPO}](https://huggingface.co/datasets/{REPO}/tree/{first})" in card


def test_files_are_asked_for_at_the_commit_though_the_branch_moves_meanwhile(hub: Hub) -> None:
    first = fill(hub, {"a.parquet": parquet(pages(0, 5))})
    move = Fault("GET", "/tree/", act=lambda: fill(hub, {"a.parquet": parquet(pages(5, 10))}))
    hub.server.faults.append(move)
    release = made(hub, recipe(hub, {"hub": REPO}))
    assert (move.happened, press(read_manifest(release)).commit) == (1, first)
    assert [row["url"] for row in rows_of(release)] == [page["url"] for page in pages(0, 5)]


def test_second_build_reads_no_file_again(hub: Hub) -> None:
    fill(hub, FILES)
    folder = recipe(hub, {"hub": REPO, "path": "data"})
    first = made(hub, folder)
    hub.server.seen.clear()
    assert made(hub, folder) == first
    assert [(seen.method, seen.path) for seen in hub.server.seen] == [("GET", f"/api/datasets/{REPO}")]


def test_moved_branch_is_changed_input_and_only_new_files_are_read(hub: Hub) -> None:
    fill(hub, {"a.csv": csv_of(pages(0, 5)), "b.parquet": parquet(pages(5, 9))})
    folder = recipe(hub, {"hub": REPO})
    first = made(hub, folder)
    moved = fill(hub, {"b.parquet": parquet(pages(5, 12))})
    hub.server.seen.clear()
    second = made(hub, folder)
    assert (first.name, second.name) == ("bridges-0.1.0", "bridges-0.2.0")
    assert press(read_manifest(second)).commit == moved
    assert read_paths(hub) == {"b.parquet"}


def test_commit_with_the_same_data_is_another_input_and_nothing_is_read(hub: Hub) -> None:
    fill(hub, {"a.parquet": parquet(pages(0, 5))})
    folder = recipe(hub, {"hub": REPO, "path": "*.parquet"})
    first = made(hub, folder)
    moved = fill(hub, {"notes.txt": b"new"})
    hub.server.seen.clear()
    second = made(hub, folder)
    assert (second.name, press(read_manifest(second)).commit) == ("bridges-0.1.1", moved)
    assert read_paths(hub) == set()
    shown = hub.corpus("diff", str(first), str(second)).stdout
    assert moved[:7] in shown


def test_other_revision_in_the_recipe_is_a_change_that_diff_shows(hub: Hub) -> None:
    commit = fill(hub, {"a.parquet": parquet(pages(0, 5))})
    hub.repo(REPO).tag("v1", commit)
    first = made(hub, recipe(hub, {"hub": f"{REPO}@main"}))
    second = made(hub, recipe(hub, {"hub": f"{REPO}@v1"}))
    assert f'sources.press.hub: "{REPO}@main" -> "{REPO}@v1"' in hub.corpus("diff", str(first), str(second)).stdout


def test_of_parquet_only_the_columns_that_are_used_are_asked_for(hub: Hub) -> None:
    noise = [{**page, "unused": "".join(map(chr, range(0x4E00, 0x4E00 + 9000))) * 200} for page in pages(0, 6)]
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(noise), out, row_group_size=2, compression="none", use_dictionary=False)
    content = out.getvalue()
    fill(hub, {"a.parquet": content})
    assert len(rows_of(made(hub, recipe(hub, {"hub": REPO})))) == 6
    assert len(content) > 30_000_000
    assert sum(end - start for start, end in ranges(hub)) < len(content) * 0.8


def test_lost_connection_is_taken_up_where_it_was(hub: Hub) -> None:
    content = gzip.compress(jsonl(pages(0, 400)), mtime=0)
    fill(hub, {"a.parquet.jsonl.gz": content})
    hub.server.faults.append(Fault("GET", "^/lfs/", cut_bytes=len(content) // 3))
    release = made(hub, recipe(hub, {"hub": REPO, "path": "*.gz"}))
    assert len(rows_of(release)) == 400
    assert ranges(hub) == [(0, len(content)), (len(content) // 3, len(content))]


def test_hub_that_has_no_time_is_asked_again(hub: Hub) -> None:
    fill(hub, {"a.parquet": parquet(pages(0, 5)), "b.jsonl": jsonl(pages(5, 9))})
    busy = [
        Fault("GET", path, times=2, status=status, headers={"Retry-After": "0"})
        for path, status in (("^/lfs/", 503), ("resolve", 429), ("^/api/datasets/org/pages$", 504))
    ]
    hub.server.faults += busy
    assert len(rows_of(made(hub, recipe(hub, {"hub": REPO})))) == 9
    assert [fault.happened for fault in busy] == [2, 2, 2]


def test_hub_that_stays_away_ends_the_build_and_the_next_goes_on(hub: Hub) -> None:
    """What cannot be had is no bad input: nothing of it stands in a ledger."""
    fill(hub, {"a.jsonl": jsonl(pages(0, 5)), "b.parquet": parquet(pages(5, 9)), "c.csv": csv_of(pages(9, 12))})
    away = Fault("GET", "resolve/.*/b.parquet", times=None, status=503, headers={"Retry-After": "0"})
    hub.server.faults.append(away)
    folder = recipe(hub, {"hub": REPO})
    code, line = refused(hub, folder)
    assert (code, f"{REPO}: b.parquet: " in line, "answered 503 again and again; build again later" in line) == (
        1,
        True,
        True,
    )
    assert not (hub.folder / "dist").exists()
    hub.server.faults.clear()
    hub.server.seen.clear()
    release = made(hub, folder)
    assert len(rows_of(release)) == 12
    assert [row for row in rows_of(release, "ledger") if row["status"] == "quarantined"] == []
    assert "b.parquet" in read_paths(hub)
    assert "a.jsonl" not in read_paths(hub)


def test_hub_that_cannot_be_reached_is_told_in_a_line_with_what_can_be_done(hub: Hub) -> None:
    commit = fill(hub, {"a.parquet": parquet(pages(0, 5))})
    folder = recipe(hub, {"hub": REPO})
    made(hub, folder)
    hub.server.stop()
    code, line = refused(hub, folder)
    assert (code, "cannot be reached" in line, f"HF_HUB_OFFLINE=1 takes {commit[:7]}" in line) == (1, True, True)


def test_offline_what_was_read_is_built_again_whether_by_branch_or_commit(hub: Hub) -> None:
    commit = fill(hub, {"a.parquet": parquet(pages(0, 5)), "README.md": b"---\nconfigs:\n- data_files: a.*\n---\n"})
    folder = recipe(hub, {"hub": REPO})
    release = made(hub, folder)
    hub.server.stop()
    assert made(hub, folder, HF_HUB_OFFLINE="1") == release
    assert rows_of(made(hub, recipe(hub, {"hub": f"{REPO}@{commit}"}), HF_HUB_OFFLINE="1")) == rows_of(release)


def test_offline_what_is_gone_from_the_cache_is_told_in_a_line(hub: Hub) -> None:
    commit = fill(hub, {"a.parquet": parquet(pages(0, 5))})
    folder = recipe(hub, {"hub": REPO})
    made(hub, folder)
    (folder / ".corpus/hub/org--pages" / f"{commit}.jsonl").unlink()
    code, line = refused(hub, folder, HF_HUB_OFFLINE="1")
    assert (code, line) == (1, f"corpus: source 'press': {REPO}: HF_HUB_OFFLINE is set, and this was not read before")


def test_offline_what_was_never_asked_for_is_told_in_a_line(hub: Hub) -> None:
    fill(hub, {"a.parquet": parquet(pages(0, 5))})
    code, line = refused(hub, recipe(hub, {"hub": f"{REPO}@v9"}), HF_HUB_OFFLINE="1")
    assert (code, line) == (
        1, f"corpus: source 'press': {REPO}@v9: HF_HUB_OFFLINE is set, and it was not read before",
    )  # fmt: skip


@pytest.mark.parametrize("name", ["a.parquet.jsonl", "a.parquet.txt.zst", "a.parquet.csv.gz"])
def test_file_with_other_bytes_than_its_digest_says_ends_the_build(hub: Hub, name: str) -> None:
    content = {"jsonl": jsonl(pages(0, 5)), "zst": zst(article(1).encode()), "gz": gzip.compress(csv_of(pages(0, 5)))}
    right = content[name.rpartition(".")[2]]
    fill(hub, {name: right})
    [entry] = [entry for entry in hub.repo(REPO).entries("main") if entry.lfs]
    assert entry.lfs
    hub.repo(REPO).lfs.path(entry.lfs.oid).write_bytes(right[:-9] + bytes(8) + right[-1:])
    code, line = refused(hub, recipe(hub, {"hub": REPO, "path": "a.*"}))
    assert (code, f"{name}: the bytes that came are not those" in line) == (1, True)


def test_file_of_another_size_than_listed_ends_the_build(hub: Hub) -> None:
    fill(hub, {"a.parquet": parquet(pages(0, 5))})
    [entry] = [entry for entry in hub.repo(REPO).entries("main") if entry.lfs]
    assert entry.lfs
    hub.repo(REPO).lfs.path(entry.lfs.oid).write_bytes(parquet(pages(0, 50)))
    code, line = refused(hub, recipe(hub, {"hub": REPO}))
    assert (code, "a.parquet: what came is not the file of" in line) == (1, True)


def test_private_repo_is_read_with_the_token_of_the_environment_which_goes_nowhere_else(hub: Hub) -> None:
    fill(hub, {"a.parquet": parquet(pages(0, 5))}, private=True)
    folder = recipe(hub, {"hub": REPO})
    code, line = refused(hub, folder)
    assert (code, "no such dataset" in line, "hf auth login" in line) == (2, True, True)
    token = hub.login("reader", "org")
    assert len(rows_of(made(hub, folder, HF_TOKEN=token))) == 5
    assert not any(seen.astray for seen in hub.server.seen)
    assert not any(token.encode() in content for content in tree(hub.folder / "recipe").values())


def test_gated_repo_says_where_to_ask(hub: Hub) -> None:
    fill(hub, {"a.parquet": parquet(pages(0, 5))}, gated=True)
    code, line = refused(hub, recipe(hub, {"hub": REPO}))
    assert (code, "asked for access" in line) == (2, True)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"hub": "org/nothing"}, "source 'press': org/nothing: no such dataset at "),
        ({"hub": f"{REPO}@mian"}, f"source 'press': {REPO}@mian: no such revision in the repo; did you mean main?"),
        ({"hub": f"{REPO}@1234"}, f"source 'press': {REPO}@1234: no such revision in the repo; it has main"),
        ({"hub": REPO, "path": "data/b.parquet"}, "no such file or folder in the repo; did you mean data/a.parquet"),
        ({"hub": REPO, "path": "dato/*.parquet"}, "matches no file in the repo; did you mean data/a.parquet"),
        ({"hub": REPO, "path": "x.bin"}, "x.bin: the ending tells no format; give 'format'"),
        ({"hub": REPO, "path": "*.bin"}, "matches no file with a known ending"),
        ({"hub": "nothing"}, "sources.1.hub: 'nothing' is no dataset repo on the Hub, such as org/name"),
        ({"hub": REPO, "path": "../a"}, f"sources.1.path: '../a' leads out of the repo {REPO}"),
        ({"hub": REPO, "path": ["a", "/a"]}, f"sources.1.path: '/a' leads out of the repo {REPO}"),
        ({}, "sources.1.path: is required, or hub"),
    ],
)
def test_mistake_in_the_recipe_is_told_in_a_line(hub: Hub, source: dict[str, Any], said: str) -> None:
    fill(hub, {"data/a.parquet": parquet(pages(0, 5)), "x.bin": b"?"})
    code, line = refused(hub, recipe(hub, source))
    assert (code, said in line) == (2, True), line


def test_model_is_no_dataset(hub: Hub) -> None:
    hub.server.repos.create(REPO, kind="models")
    code, line = refused(hub, recipe(hub, {"hub": REPO}))
    assert (code, line) == (2, f"corpus: source 'press': {REPO}: is a model, no dataset")


def test_progress_names_repo_and_commit(hub: Hub) -> None:
    commit = fill(hub, {"a.parquet": parquet(pages(0, 5))})
    done = hub.corpus("build", str(recipe(hub, {"hub": REPO})), "--dist", str(hub.folder / "dist"))
    assert f"source 'press': {REPO}@{commit[:7]} on the Hub, 1 file, " in done.stderr
