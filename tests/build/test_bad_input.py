"""Bad input is normal input: each kind is quarantined with its place and reason, and the rest is released."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from tests.support import article, rows_of, run, run_json, write_recipe

GOOD = [json.dumps({"text": article(n)}, ensure_ascii=False) for n in range(300)]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "good.txt").write_text(article(1000), encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "nul.txt").write_text("\0" + article(1001) + "\0", encoding="utf-8")
    (folder / "utf16.txt").write_text(article(1002), encoding="utf-16")
    (folder / "windows.txt").write_bytes(
        "Une journée d’été à la plage, où l’on goûte des crêpes.\n".encode("cp1252") * 9
    )
    (folder / "binary.txt").write_bytes(random.Random(1).randbytes(4000))
    (folder / "damaged.txt").write_bytes(article(1003).encode()[:-40] + b"\xe1\xbb" + article(1004).encode())
    lines = [*GOOD[:3], "{no json", '{"title": "only"}', "[1, 2]", '{"text": 7}', "", GOOD[3]]
    (folder / "lines.jsonl").write_text("\n".join(lines), encoding="utf-8")
    # Random figures make the compressed stream long enough to be cut in the middle of the documents.
    rng = random.Random(2)
    many = "\n".join(json.dumps({"text": f"{article(n)} {rng.random()}"}) for n in range(2000, 4000))
    stream = gzip.compress(many.encode())
    (folder / "cut.jsonl.gz").write_bytes(stream[: len(stream) * 2 // 3])
    (folder / "not.parquet").write_bytes(b"PAR1 and nothing else")
    patterns = {"text": "*.txt", "lines": "*.jsonl", "cut": "*.gz", "table": "*.parquet"}
    sources = [{"name": name, "path": pattern} for name, pattern in patterns.items()]
    write_recipe(folder, sources, limits={"max_bad_share": 0.9})
    return folder


def test_every_kind_is_quarantined_with_its_place(raw: Path, tmp_path: Path) -> None:
    report = run_json("build", raw, "--dist", tmp_path / "dist")
    ledger = rows_of(Path(report["release"]), "ledger")
    found = {(r["path"], r["position"]): r["reason"] for r in ledger if r["status"] == "quarantined"}
    cut = [(path, reason) for (path, _), reason in found.items() if path == "cut.jsonl.gz"]
    assert cut == [("cut.jsonl.gz", "truncated")]
    assert {place: reason for place, reason in found.items() if place[0] != "cut.jsonl.gz"} == {
        ("empty.txt", None): "empty_file",
        ("binary.txt", None): "binary",
        ("damaged.txt", None): "undecodable",
        ("lines.jsonl", 4): "not_json",
        ("lines.jsonl", 5): "no_text",
        ("lines.jsonl", 6): "not_an_object",
        ("lines.jsonl", 7): "bad_field",
        ("not.parquet", None): "corrupt",
    }


def test_what_can_be_read_is_released(raw: Path, tmp_path: Path) -> None:
    report = run_json("build", raw, "--dist", tmp_path / "dist")
    texts = {row["text"] for row in rows_of(Path(report["release"]))}
    assert {article(n) for n in (0, 1, 2, 3, 1000, 1001, 1002)} <= texts
    assert any("où l’on goûte des crêpes" in text for text in texts)
    assert sum(text.startswith(article(2000)[:20]) for text in texts) > 100


def test_line_of_100_mb_is_passed_over(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    with (raw / "pages.jsonl").open("w", encoding="utf-8") as file:
        file.write(GOOD[0] + '\n{"text": "')
        for _ in range(100):
            file.write("dài " * 200_000)
        file.write('"}\n' + "\n".join(GOOD[1:]) + "\n")
    write_recipe(raw, [{"name": "press", "path": "*.jsonl"}])
    result = run("build", raw, "--dist", tmp_path / "dist")
    assert result.exit_code == 0
    assert "quarantined pages.jsonl:2: too_large: 100000012 bytes" in result.stderr
    assert "kept         300" in result.stdout


def test_links_that_loop_end(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    (raw / "a").mkdir(parents=True)
    (raw / "a" / "page.txt").write_text(article(1), encoding="utf-8")
    (raw / "a" / "again").symlink_to(raw)
    (raw / "itself.txt").symlink_to("itself.txt")
    write_recipe(raw, [{"name": "press", "path": "."}], limits={"max_bad_share": 0.9})
    assert run_json("build", raw, "--dist", tmp_path / "dist")["accounting"]["kept"] == 1
