"""`corpus withdraw`: what it finds in releases, and what it writes on the list beside the recipe."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from corpus.cli import main
from corpus.dedup.fingerprint import FINGERPRINT_BYTES
from corpus.release import withdrawals
from corpus.release.withdrawals import read_list, table_rows
from tests.support import build, rows_of, run, run_json, small_corpus, start, story, write_jsonl, write_recipe


def mixed(folder: Path, version: str = "1.0.0") -> Path:
    """Two sources that print one page both, and sites below others."""
    press = [{"url": f"https://www.a.example/{n}", "title": f"Tin {n}", "text": story(n)} for n in range(3)]
    press += [
        {"url": "https://sport.a.example/1", "text": story(10)},
        {"url": "https://ba.example/1", "text": story(11)},
    ]
    mirror = [{"url": "https://a.example/1?utm_source=rss", "text": story(20)}, {"text": story(21)}]
    write_jsonl(folder / "press.jsonl", press)
    write_jsonl(folder / "mirror.jsonl", mirror)
    sources = [{"name": "press", "path": "press.jsonl"}, {"name": "mirror", "path": "mirror.jsonl"}]
    write_recipe(folder, sources, version=version)
    return folder


def entries(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "withdrawn.jsonl").read_text(encoding="utf-8").splitlines()]


def withdraw(folder: Path, *options: str) -> Any:
    return run_json("withdraw", folder, "--dist", folder / "dist", "--reason", "the author asked", *options)


def by_url(release: Path, url: str) -> dict[str, Any]:
    [row] = [row for row in rows_of(release) if row["url"] == url]
    return row


def test_a_request_by_id_stands_on_the_list_with_what_tells_its_copies(tmp_path: Path) -> None:
    release = build(mixed(tmp_path), tmp_path / "dist")
    row = by_url(release, "https://www.a.example/0")
    found = withdraw(tmp_path, "--id", row["id"], "--by", "A. Writer")
    assert found["documents"] == 1
    assert found["shown"] == [{"id": row["id"], "title": "Tin 0", "versions": ["1.0.0"]}]
    [entry] = entries(tmp_path)
    [document] = entry.pop("documents")
    date = entry.pop("date")
    assert len(date) == len("2026-01-01")
    assert entry == {"reason": "the author asked", "by": "A. Writer", "kind": "id", "value": row["id"]}
    assert (document["id"], document["content_hash"]) == (row["id"], row["content_hash"])
    [listed] = table_rows(read_list(tmp_path / "withdrawn.jsonl"))
    assert len(listed["fingerprint"]) == FINGERPRINT_BYTES


def test_an_address_means_its_page_in_every_source_however_it_is_written(tmp_path: Path) -> None:
    release = build(mixed(tmp_path), tmp_path / "dist")
    write_jsonl(tmp_path / "press.jsonl", [{"url": "http://a.example/1#top", "text": story(30)}])
    write_recipe(
        tmp_path,
        [{"name": "press", "path": "press.jsonl"}, {"name": "mirror", "path": "mirror.jsonl"}],
        version="1.1.0",
    )
    build(tmp_path, tmp_path / "dist")
    found = withdraw(tmp_path, "--url", "http://a.example:80/1?utm_medium=x")
    assert found["added"] == [{"kind": "url", "value": "https://a.example/1"}]
    assert found["versions"] == {"1.0.0": 1, "1.1.0": 2}
    ids = {document["id"] for document in entries(tmp_path)[0]["documents"]}
    assert by_url(release, "https://a.example/1?utm_source=rss")["id"] in ids
    assert len(ids) == 2


def test_a_site_means_its_hosts_and_those_below(tmp_path: Path) -> None:
    build(mixed(tmp_path), tmp_path / "dist")
    found = withdraw(tmp_path, "--site", "https://WWW.a.example/")
    assert found["added"] == [{"kind": "site", "value": "a.example"}]
    assert found["documents"] == 5
    assert "ba.example" not in json.dumps(entries(tmp_path))


def test_a_content_hash_means_all_that_have_it(tmp_path: Path) -> None:
    release = build(mixed(tmp_path), tmp_path / "dist")
    row = next(row for row in rows_of(release) if row["url"] is None)
    assert withdraw(tmp_path, "--hash", row["content_hash"].upper())["shown"][0]["id"] == row["id"]


def test_a_list_names_all_kinds(tmp_path: Path) -> None:
    rows = rows_of(build(mixed(tmp_path), tmp_path / "dist"))
    lines = [
        "\ufeff# asked for by letter",
        "",
        rows[0]["id"],
        "https://sport.a.example/1",
        "  site:ba.example",
        f"hash:{rows[1]['content_hash']}",
        f"id:{rows[2]['id']}",
        rows[0]["id"],
    ]
    (tmp_path / "asked.txt").write_text("\n".join(lines), encoding="utf-8")
    found = withdraw(tmp_path, "--file", str(tmp_path / "asked.txt"))
    assert [each["kind"] for each in found["added"]] == ["id", "url", "site", "hash", "id"]
    assert len(entries(tmp_path)) == 5


def test_a_list_can_come_from_stdin(tmp_path: Path) -> None:
    build(mixed(tmp_path), tmp_path / "dist")
    arguments = ["withdraw", str(tmp_path), "--dist", str(tmp_path / "dist"), "--reason", "x", "--file", "-"]
    result = CliRunner().invoke(main, arguments, input="https://ba.example/1\n")
    assert result.exit_code == 0, result.output
    assert [entry["value"] for entry in entries(tmp_path)] == ["https://ba.example/1"]


def test_mistakes_in_a_list_are_told_by_line_and_nothing_is_written(tmp_path: Path) -> None:
    build(mixed(tmp_path), tmp_path / "dist")
    asked = tmp_path / "asked.txt"
    asked.write_text("https://ba.example/1\nba.example\nhash:12\nftp://ba.example/1\n", encoding="utf-8")
    result = run("withdraw", tmp_path, "--dist", tmp_path / "dist", "--reason", "x", "--file", asked)
    assert result.exit_code == 2
    assert [line.split(": ")[1] for line in result.stderr.splitlines()] == [f"{asked}:{n}" for n in (2, 3, 4)]
    assert not (tmp_path / "withdrawn.jsonl").exists()


def test_what_no_release_has_is_refused_with_all_that_came_along(tmp_path: Path) -> None:
    build(mixed(tmp_path), tmp_path / "dist")
    options = ("--dist", tmp_path / "dist", "--reason", "x", "--url", "https://ba.example/1", "--id", "0" * 32)
    result = run("withdraw", tmp_path, *options)
    assert result.exit_code == 2
    assert f"has id {'0' * 32};" in result.stderr
    assert not (tmp_path / "withdrawn.jsonl").exists()
    assert run("withdraw", tmp_path, *options, "--dry-run").exit_code == 2


def test_pages_to_come_can_be_withdrawn_where_one_says_so(tmp_path: Path) -> None:
    mixed(tmp_path)
    found = withdraw(tmp_path, "--site", "later.example", "--allow-unknown")
    assert found["documents"] == 0
    assert entries(tmp_path)[0]["documents"] == []


def test_the_same_request_again_changes_nothing(tmp_path: Path) -> None:
    build(mixed(tmp_path), tmp_path / "dist")
    withdraw(tmp_path, "--url", "https://ba.example/1")
    before = (tmp_path / "withdrawn.jsonl").read_bytes()
    found = withdraw(tmp_path, "--url", "http://ba.example/1")
    assert found["added"] == []
    assert found["standing"] == [{"kind": "url", "value": "https://ba.example/1"}]
    assert (tmp_path / "withdrawn.jsonl").read_bytes() == before


def test_a_dry_run_shows_and_writes_nothing(tmp_path: Path) -> None:
    build(mixed(tmp_path), tmp_path / "dist")
    result = run("withdraw", tmp_path, "--dist", tmp_path / "dist", "--reason", "x", "--site", "a.example", "--dry-run")
    assert "would get 1 request more, for 5 documents" in result.output
    assert "1.0.0 (5)" in result.output
    assert not (tmp_path / "withdrawn.jsonl").exists()


def test_documents_that_versions_share_stand_on_the_list_once(tmp_path: Path) -> None:
    build(mixed(tmp_path), tmp_path / "dist")
    build(mixed(tmp_path, version="1.1.0"), tmp_path / "dist")
    found = withdraw(tmp_path, "--url", "https://ba.example/1")
    assert found["shown"][0]["versions"] == ["1.0.0", "1.1.0"]
    assert len(entries(tmp_path)[0]["documents"]) == 1


def test_a_request_that_meets_many_documents_goes_over_several_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(mixed(tmp_path), tmp_path / "dist")
    monkeypatch.setattr("corpus.withdraw.DOCUMENTS_A_LINE", 2)
    withdraw(tmp_path, "--site", "a.example")
    assert [len(entry["documents"]) for entry in entries(tmp_path)] == [2, 2, 1]
    rows = list(table_rows(read_list(tmp_path / "withdrawn.jsonl")))
    assert {row["request"] for row in rows} == {0}
    assert len(rows) == 5
    assert withdraw(tmp_path, "--site", "a.example")["added"] == []


def test_a_line_that_was_written_by_hand_stays_as_it_is(tmp_path: Path) -> None:
    build(mixed(tmp_path), tmp_path / "dist")
    by_hand = '{"kind": "site", "value": "b.example", "reason": "court order"}'
    (tmp_path / "withdrawn.jsonl").write_text(by_hand, encoding="utf-8")
    withdraw(tmp_path, "--url", "https://ba.example/1")
    lines = (tmp_path / "withdrawn.jsonl").read_text(encoding="utf-8").splitlines()
    assert lines[0] == by_hand
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "Invalid JSON"),
        ('{"kind": "id", "value": "12", "reason": "x"}', "'12' is not 32 hex digits"),
        ('{"kind": "site", "value": "a.example"}', "reason: Field required"),
        ('{"kind": "site", "value": "a.example", "reason": " "}', "reason: is empty"),
        (
            '{"kind": "page", "value": "a.example", "reason": "x"}',
            "kind: Input should be 'id', 'url', 'site' or 'hash'",
        ),
        ('{"kind": "site", "value": "a.example", "reason": "x", "who": "y"}', "who: Extra inputs"),
        (
            '{"kind": "site", "value": "a.example", "reason": "x", "documents": [{"id": "'
            + "0" * 32
            + '", "content_hash": "'
            + "0" * 32
            + '", "fingerprint": "AAAA"}]}',
            "documents.0.fingerprint: is not 504 bytes as base64",
        ),
    ],
)
def test_a_broken_line_of_the_list_is_told_and_stays(tmp_path: Path, line: str, words: str) -> None:
    build(mixed(tmp_path), tmp_path / "dist")
    good = '{"kind": "site", "value": "b.example", "reason": "court order"}\n'
    (tmp_path / "withdrawn.jsonl").write_text(good + line + "\n", encoding="utf-8")
    options = ("--dist", tmp_path / "dist", "--reason", "x", "--url", "https://ba.example/1")
    result = run("withdraw", tmp_path, *options)
    assert result.exit_code == 2
    assert f"withdrawn.jsonl:2: {words}" in result.stderr
    assert (tmp_path / "withdrawn.jsonl").read_text(encoding="utf-8") == good + line + "\n"


def test_a_release_that_cannot_be_read_leaves_the_list_as_it_was(tmp_path: Path) -> None:
    release = build(mixed(tmp_path), tmp_path / "dist")
    withdraw(tmp_path, "--url", "https://ba.example/1")
    before = (tmp_path / "withdrawn.jsonl").read_bytes()
    [data] = (release / "data").iterdir()
    data.write_bytes(data.read_bytes()[:-100])
    result = run("withdraw", tmp_path, "--dist", tmp_path / "dist", "--reason", "x", "--site", "a.example")
    assert result.exit_code == 1
    assert "cannot be read; `corpus verify` says more" in result.stderr
    assert (tmp_path / "withdrawn.jsonl").read_bytes() == before
    assert not list(tmp_path.glob(".withdrawn*"))


def test_a_failing_write_leaves_the_list_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(mixed(tmp_path), tmp_path / "dist")
    withdraw(tmp_path, "--url", "https://ba.example/1")
    before = (tmp_path / "withdrawn.jsonl").read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    result = run("withdraw", tmp_path, "--dist", tmp_path / "dist", "--reason", "x", "--site", "a.example")
    assert result.exit_code == 1
    assert "No space left" in result.stderr
    assert (tmp_path / "withdrawn.jsonl").read_bytes() == before
    assert not list(tmp_path.glob(".withdrawn*"))


def test_commands_at_the_same_time_lose_no_request(tmp_path: Path) -> None:
    mixed(tmp_path)
    options = ("--dist", tmp_path / "dist", "--reason", "x", "--allow-unknown")
    running = [start("withdraw", tmp_path, *options, "--site", f"s{n}.example") for n in range(4)]
    threads = [threading.Thread(target=process.communicate) for process in running]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(entry["value"] for entry in entries(tmp_path)) == [f"s{n}.example" for n in range(4)]


def test_a_request_names_something_and_a_reason(tmp_path: Path) -> None:
    small_corpus(tmp_path)
    assert "which documents?" in run("withdraw", tmp_path, "--reason", "x").stderr
    assert "--reason" in run("withdraw", tmp_path, "--site", "a.example").stderr
    assert run("withdraw", tmp_path, "--site", "a.example", "--reason", " ").exit_code == 2
    (tmp_path / "asked.txt").write_text("# nobody yet\n", encoding="utf-8")
    result = run("withdraw", tmp_path, "--reason", "x", "--file", tmp_path / "asked.txt")
    assert result.exit_code == 2
    assert "names nothing" in result.stderr


def test_the_table_tells_neither_addresses_nor_who_asked(tmp_path: Path) -> None:
    release = build(mixed(tmp_path), tmp_path / "dist")
    withdraw(tmp_path, "--url", "https://ba.example/1", "--site", "a.example", "--by", "A. Writer")
    rows = list(table_rows(read_list(tmp_path / "withdrawn.jsonl")))
    assert len(rows) == 6
    assert set(rows[0]) == set(withdrawals.WITHDRAWALS.names)
    assert not any(word in str(rows) for word in ("ba.example", "a.example", "Writer"))
    assert pq.read_metadata(next((release / "data").iterdir())).num_rows == 7


def test_a_page_that_was_left_out_as_a_copy_means_the_copy_that_stayed(tmp_path: Path) -> None:
    rows = [{"url": f"https://{host}.example/1", "text": story(1)} for host in ("a", "b", "c")]
    write_jsonl(tmp_path / "pages.jsonl", [*rows, {"url": "https://d.example/1", "text": story(2)}])
    write_recipe(tmp_path, [{"name": "press", "path": "pages.jsonl"}])
    release = build(tmp_path, tmp_path / "dist")
    [stays] = [row["id"] for row in rows_of(release) if row["duplicates"] == 3]
    for host in ("a", "b", "c"):
        found = withdraw(tmp_path, "--url", f"https://{host}.example/1")
        assert [document["id"] for document in found["shown"]] == [stays]
    copies = [row["id"] for row in rows_of(release, "ledger") if row["cluster"] == stays and row["id"] != stays]
    assert withdraw(tmp_path, "--id", copies[0], "--id", copies[1], "--id", stays)["documents"] == 1
    assert {document["id"] for entry in entries(tmp_path) for document in entry["documents"]} == {stays}
    assert len(entries(tmp_path)) == 6
