"""Releases on the Hub: what is asked for comes, verified, or one line says why not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from corpus.release.manifest import Manifest, read_manifest
from tests.hub.faults import Fault
from tests.hub.hub_helpers import Hub
from tests.support import article, build, rows_of, tree, write_jsonl, write_recipe


def ids(release: Path) -> list[str]:
    return [row["id"] for row in rows_of(release)]


def loaded(hub: Hub, *calls: str, **environment: str) -> Any:
    """Ids of all rows that a call of `corpus.load` answers, or what it raises; a list of such for several calls."""
    code = (
        "import corpus\n"
        "def answer(call):\n"
        "    try:\n"
        "        found = call()\n"
        "        splits = found.values() if hasattr(found, 'values') else [found]\n"
        "        return [row['id'] for split in splits for row in split]\n"
        "    except corpus.CorpusError as error:\n"
        "        return str(error)\n"
        f"out = [answer(call) for call in [{', '.join(f'lambda: corpus.load({call})' for call in calls)}]]"
    )
    answers = hub.python(code, **environment)
    return answers[0] if len(calls) == 1 else answers


def loaded_and_streamed(hub: Hub) -> list[Any]:
    """What `loaded` says of the first version, streamed before it is downloaded."""
    answers: list[Any] = loaded(hub, "'org/bridges@1.0.0', streaming=True", "'org/bridges@1.0.0'")
    return answers


def signed(manifest: Manifest, **changes: Any) -> bytes:
    return manifest.model_copy(update=changes).signed().to_json().encode()


def large_files_sent(hub: Hub) -> int:
    return sum(seen.method == "GET" and seen.path.startswith("/lfs/") for seen in hub.server.seen)


def test_version_asked_for_is_loaded_and_without_one_the_head(published: Hub, first: Path, second: Path) -> None:
    rows = loaded(published, "'org/bridges', version='1.0.0'", "'org/bridges'")
    assert rows == [ids(first), ids(second)]


def test_stream_has_the_same_rows_from_the_commit_and_downloads_no_file_before(published: Hub, first: Path) -> None:
    repo = published.server.repos.get("org/bridges")
    assert repo is not None
    commit = repo.resolve("v1.0.0")
    assert loaded(published, "'org/bridges@1.0.0', streaming=True") == ids(first)
    read = [s.path for s in published.server.seen if "/resolve/" in s.path and s.path.endswith(".parquet")]
    assert read
    assert all(f"/resolve/{commit}/" in path for path in read)
    blobs = (published.folder / "hf" / "hub").glob("datasets--org--bridges/snapshots/*/data/*")
    assert list(blobs) == []


def test_one_split_downloads_its_files_only(published: Hub, first: Path) -> None:
    rows = loaded(published, "'org/bridges@1.0.0', split='validation'")
    assert rows == [row["id"] for row in rows_of(first)][-len(rows) :]
    assert large_files_sent(published) == len(list(first.glob("data/validation-*")))


def test_columns_and_rows_asked_for_come_from_the_hub_streamed_or_not(published: Hub, first: Path) -> None:
    train = pq.read_table(next(first.glob("data/train-*"))).to_pylist()
    least = max(row["n_words"] for row in train)
    code = (
        "import corpus, pyarrow.compute as pc\n"
        f"how = {{'split': 'train', 'columns': ['id'], 'filters': pc.field('n_words') >= {least}}}\n"
        "out = [list(corpus.load('org/bridges@1.0.0', streaming=way, **how)) for way in (True, False)]"
    )
    wanted = [{"id": row["id"]} for row in train if row["n_words"] >= least]
    assert 0 < len(wanted) < len(train)
    assert published.python(code) == [wanted, wanted]


def test_load_command_prints_a_line_of_python_that_works(published: Hub, first: Path) -> None:
    shown = json.loads(published.corpus("load", "org/bridges@1.0.0", "-n", "2", "--json").stdout)
    assert [row["id"] for row in shown["rows"]] == ids(first)[:2]
    rows = published.python(f"import datasets\n{shown['python']}\nout = dataset.num_rows")
    assert rows == {name: split.rows for name, split in read_manifest(first).splits.items()}


def test_line_of_python_for_the_head_names_its_commit(published: Hub, second: Path) -> None:
    [line] = [s for s in published.corpus("load", "org/bridges").stdout.splitlines() if s.startswith("dataset =")]
    published.publish("org/bridges", second.with_name("bridges-1.0.0"))
    rows = published.python(f"import datasets\n{line}\nout = sum(dataset.num_rows.values())")
    assert rows == len(ids(second))


def test_verify_command_downloads_and_checks_all(published: Hub, second: Path) -> None:
    done = published.corpus("verify", "org/bridges")
    assert (done.returncode, done.stderr) == (0, "")
    assert "org/bridges: sound" in done.stdout
    assert large_files_sent(published) == len(list(second.rglob("*.parquet")))


def test_verify_command_names_files_that_are_not_of_the_release_or_missing(hub: Hub, first: Path) -> None:
    hub.publish("org/bridges", first)
    [ledger] = first.glob("ledger/documents-*")
    hub.commit("org/bridges", {"extra.txt": b"?"}, "v1.0.0", deleted={f"ledger/{ledger.name}"})
    done = hub.corpus("verify", "org/bridges@1.0.0")
    assert done.returncode == 1
    assert "extra.txt: not part of the release" in done.stdout
    assert f"ledger/{ledger.name}: missing" in done.stdout
    assert ".gitattributes" not in done.stdout


def test_data_file_that_the_manifest_does_not_know_is_not_loaded(hub: Hub, first: Path, second: Path) -> None:
    hub.publish("org/bridges", first)
    [foreign] = second.glob("data/train-*")
    hub.commit("org/bridges", {"data/train-99999-of-00001.parquet": foreign.read_bytes()}, "v1.0.0")
    assert loaded_and_streamed(hub) == [ids(first)] * 2


def test_versions_in_the_repo_are_named(published: Hub) -> None:
    code, line = published.refusal("load", "org/bridges@9.9.9")
    assert (code, line) == (2, "corpus: org/bridges: no version 9.9.9 in the repo; it has 1.0.0, 1.1.0")


def test_tag_on_a_release_of_another_version_is_refused(published: Hub, second: Path) -> None:
    published.publish("org/bridges", second, "v2.0.0")
    code, line = published.refusal("load", "org/bridges@2.0.0")
    assert (code, line) == (1, "corpus: org/bridges@2.0.0: holds version 1.1.0 and not 2.0.0")


def test_tag_that_was_moved_since_the_version_was_downloaded_is_refused_each_time(hub: Hub, first: Path) -> None:
    hub.publish("org/bridges", first, "v1.0.0")
    assert hub.corpus("load", "org/bridges@1.0.0").returncode == 0
    manifest = {"manifest.json": signed(read_manifest(first), title="Other bridges")}
    hub.commit("org/bridges", manifest, "v1.0.0")
    for _ in range(2):
        code, line = hub.refusal("load", "org/bridges@1.0.0")
        assert (code, "its tag was moved to other content since it was downloaded" in line) == (1, True)


def test_tag_that_was_moved_since_the_next_version_was_built_is_refused(published: Hub, first: Path) -> None:
    manifest = {"manifest.json": signed(read_manifest(first), title="Other bridges")}
    published.commit("org/bridges", tree(first) | manifest, "v1.0.0")
    published.publish("org/bridges", first.with_name("bridges-1.1.0"))
    code, line = published.refusal("load", "org/bridges@1.0.0")
    assert (code, "its tag was moved: version 1.1.0 follows on other content" in line) == (1, True)


def test_tag_that_was_moved_to_the_same_content_is_as_good(hub: Hub, first: Path) -> None:
    hub.publish("org/bridges", first, "v1.0.0")
    assert hub.corpus("load", "org/bridges@1.0.0").returncode == 0
    hub.commit("org/bridges", {"NOTES": b"beside the release"}, "v1.0.0")
    assert hub.corpus("load", "org/bridges@1.0.0").returncode == 0


def test_altered_data_file_is_refused(hub: Hub, first: Path, second: Path) -> None:
    hub.publish("org/bridges", first)
    [shard] = first.glob("data/train-*")
    [other] = second.glob("data/train-*")
    hub.commit("org/bridges", {f"data/{shard.name}": other.read_bytes()}, "v1.0.0")
    for refused in loaded_and_streamed(hub):
        assert refused.startswith(f"org/bridges@1.0.0: data/{shard.name}: ")
        assert len(refused.splitlines()) == 1


def test_missing_data_file_is_refused(hub: Hub, first: Path) -> None:
    hub.publish("org/bridges", first)
    [shard] = first.glob("data/train-*")
    hub.commit("org/bridges", {}, "v1.0.0", deleted={f"data/{shard.name}"})
    assert loaded_and_streamed(hub) == [f"org/bridges@1.0.0: data/{shard.name}: missing"] * 2


def test_altered_card_is_refused(hub: Hub, copy: Path) -> None:
    (copy / "README.md").write_text("---\nlicense: mit\n---\n", encoding="utf-8")
    hub.publish("org/bridges", copy, "v1.0.0")
    assert all("org/bridges@1.0.0: README.md: " in refused for refused in loaded_and_streamed(hub))


def test_repo_that_is_no_release(hub: Hub, copy: Path) -> None:
    (copy / "manifest.json").unlink()
    hub.publish("org/bridges", copy)
    code, line = hub.refusal("load", "org/bridges")
    assert (code, line) == (1, "corpus: org/bridges: not a release: the repo holds no manifest.json")


def test_altered_manifest_is_refused(hub: Hub, copy: Path) -> None:
    text = (copy / "manifest.json").read_text(encoding="utf-8")
    (copy / "manifest.json").write_text(text.replace('"version": "1.0.0"', '"version": "1.0.1"'), encoding="utf-8")
    hub.publish("org/bridges", copy, "v1.0.1")
    code, line = hub.refusal("load", "org/bridges@1.0.1")
    assert (code, "org/bridges@1.0.1: the manifest was altered" in line) == (1, True)


def test_repo_that_is_not_there(hub: Hub) -> None:
    code, line = hub.refusal("verify", "org/bridges")
    assert (code, "org/bridges: no such folder, and no such dataset at http://127.0.0.1:" in line) == (2, True)


def test_name_that_no_repo_can_have(hub: Hub) -> None:
    code, line = hub.refusal("load", "org/no--name")
    assert (code, "no name that a repo on the Hub can have" in line) == (2, True)


@pytest.mark.parametrize("path", ["../../other", "/etc/hostname", "data/*.parquet"])
def test_manifest_that_reaches_beyond_its_release_is_refused(hub: Hub, copy: Path, path: str) -> None:
    manifest = read_manifest(copy)
    files = [manifest.files[0].model_copy(update={"path": path}), *manifest.files[1:]]
    (copy / "manifest.json").write_bytes(signed(manifest, files=files))
    hub.publish("org/bridges", copy)
    code, line = hub.refusal("verify", "org/bridges")
    assert (code, line) == (1, f"corpus: org/bridges: its manifest names a file that no release has: {path}")


def test_private_repo_asks_for_a_token_and_loads_with_it(hub: Hub, first: Path) -> None:
    hub.server.repos.create("org/bridges", private=True)
    hub.publish("org/bridges", first, "v1.0.0")
    ours = hub.login("us", "org")
    code, line = hub.refusal("load", "org/bridges@1.0.0")
    assert (code, "log in with a token that may read it (`hf auth login`)" in line) == (2, True)
    assert loaded(hub, "'org/bridges@1.0.0'", HF_TOKEN=ours) == ids(first)


def test_token_that_the_hub_does_not_know(published: Hub) -> None:
    code, line = published.refusal("load", "org/bridges", HF_TOKEN="hf_unknown")
    assert (code, "the Hub refuses access (401)" in line, "hf_unknown" in line) == (2, True, False)


def test_repo_for_which_access_has_to_be_asked(hub: Hub, first: Path) -> None:
    hub.server.repos.create("org/bridges", gated=True)
    hub.publish("org/bridges", first)
    theirs = hub.login("them", "other")
    code, line = hub.refusal("load", "org/bridges", HF_TOKEN=theirs)
    assert (code, "those only who asked for access" in line) == (2, True)


def test_file_that_the_hub_refuses_is_not_said_to_be_a_lost_connection(published: Hub) -> None:
    published.server.faults.append(Fault("*", "^/datasets/", times=None, status=403))
    code, line = published.refusal("load", "org/bridges")
    assert (code, "the Hub refuses access (403)" in line) == (2, True)


@pytest.mark.parametrize("why", ["offline", "gone", "failing"])
def test_without_the_hub_a_version_that_was_downloaded_is_loaded_and_no_other(
    published: Hub, first: Path, why: str
) -> None:
    assert loaded(published, "'org/bridges@1.0.0'") == ids(first)
    environment = {"HF_HUB_OFFLINE": "1"} if why == "offline" else {}
    if why == "gone":
        published.server.stop()
    published.server.faults.append(Fault("*", "", times=None, status=503))
    assert loaded(published, "'org/bridges@1.0.0'", **environment) == ids(first)
    code, line = published.refusal("load", "org/bridges@1.1.0", **environment)
    said = {
        "offline": "neither a folder, nor downloaded from the Hub before, and HF_HUB_OFFLINE is set",
        "gone": "cannot be reached",
        "failing": "answered 503; try again later",
    }[why]
    assert (code, said in line) == (1, True)


def test_without_the_hub_what_was_downloaded_is_streamed(published: Hub, first: Path) -> None:
    assert loaded(published, "'org/bridges@1.0.0'") == ids(first)
    assert loaded(published, "'org/bridges@1.0.0', streaming=True", HF_HUB_OFFLINE="1") == ids(first)


def test_without_the_hub_a_split_that_was_not_downloaded_is_refused(published: Hub) -> None:
    loaded(published, "'org/bridges@1.0.0', split='validation'")
    refused = loaded(published, "'org/bridges@1.0.0', split='train'", HF_HUB_OFFLINE="1")
    assert refused.startswith("org/bridges@1.0.0: neither a folder, nor downloaded from the Hub before")


def test_without_the_hub_the_head_that_was_downloaded_is_said_to_be_that(published: Hub, second: Path) -> None:
    assert published.corpus("verify", "org/bridges").returncode == 0
    done = published.corpus("verify", "org/bridges", HF_HUB_OFFLINE="1")
    assert done.returncode == 0
    assert "the Hub cannot be reached; 1.1.0 was its head when last asked" in done.stderr


def test_file_that_was_damaged_in_the_cache_is_downloaded_again(hub: Hub, first: Path) -> None:
    hub.publish("org/bridges", first, "v1.0.0")
    assert loaded(hub, "'org/bridges@1.0.0'") == ids(first)
    [cached] = (hub.folder / "hf" / "hub").glob("datasets--org--bridges/snapshots/*/data/train-*")
    cached.write_bytes(cached.read_bytes()[:-1] + b"?")
    assert "were altered" in loaded(hub, "'org/bridges@1.0.0'", HF_HUB_OFFLINE="1")
    assert loaded(hub, "'org/bridges@1.0.0'") == ids(first)


def test_releases_of_one_name_and_version_give_their_own_rows(hub: Hub, tmp_path: Path) -> None:
    """Both in one cache of `datasets`, from two repos and from folders."""
    calls, wanted = [], []
    for name in ("one", "two"):
        write_jsonl(tmp_path / name / "pages.jsonl", [{"id": name, "text": f"Bài viết của {name}. " * 9}])
        write_recipe(tmp_path / name, [{"name": "press", "path": "*.jsonl"}])
        release = build(tmp_path / name, tmp_path / f"dist-{name}")
        hub.publish(f"{name}/bridges", release, "v1.0.0")
        calls += [f"'{name}/bridges@1.0.0'", repr(str(release))]
        wanted += [ids(release)] * 2
    code = "import corpus\nout = [list(corpus.load(spec, split='train')['id']) for spec in (" + ", ".join(calls) + ")]"
    assert hub.python(code) == wanted
    assert wanted[0] != wanted[2]


def test_folder_wins_over_a_repo_of_its_name(published: Hub, copy: Path) -> None:
    copy.rename(published.folder / "moved")
    (published.folder / "org").mkdir()
    (published.folder / "moved").rename(published.folder / "org" / "bridges")
    done = published.corpus("load", "org/bridges")
    assert 'datasets.load_dataset("org/bridges")' in done.stdout
    assert published.server.seen == []


def test_a_folder_is_compared_with_a_release_on_the_hub(published: Hub, first: Path, second: Path) -> None:
    local = json.loads(published.corpus("diff", str(first), str(second), "--json").stdout)
    remote = json.loads(published.corpus("diff", "org/bridges@1.0.0", str(second), "--json").stdout)
    assert remote == local
    assert remote["level"] == "minor"


def test_a_release_on_the_hub_is_a_version_to_follow_on(published: Hub, first: Path, tmp_path: Path) -> None:
    rows = [{"url": f"https://a.example/{n}", "text": article(n)} for n in range(14)]
    write_jsonl(tmp_path / "raw/pages.jsonl", rows)
    write_recipe(tmp_path / "raw", [{"name": "press", "path": "*.jsonl"}], version="auto", splits={"validation": 0.4})
    done = published.corpus("build", str(tmp_path / "raw"), "--parent", "org/bridges@1.0.0", "--json")
    assert done.returncode == 0, done.stderr
    release = published.folder / json.loads(done.stdout)["release"]
    manifest = read_manifest(release)
    assert (manifest.version, manifest.parents[0].digest) == ("1.1.0", read_manifest(first).digest)
    assert [row["first_version"] for row in rows_of(release)].count("1.1.0") == 2
