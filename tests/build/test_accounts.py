"""Whatever the documents are, each is accounted for once, and what stays is what a plain reading of the rules says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.clean.comparison import compare_all
from tests.support import article, rows_of, run, write_recipe

texts = st.sampled_from([article(1), article(1).upper(), article(2), article(2) + " Thêm một câu.", "Bình luận (0)"])
urls = st.none() | st.sampled_from(["https://a.example/1", "http://A.example/1#x", "https://a.example/2"])
records = st.fixed_dictionaries({"text": texts, "url": urls}).map(lambda row: json.dumps(row, ensure_ascii=False))
lines = st.lists(records | st.sampled_from(["no json", '{"title": "no text"}']), min_size=1, max_size=12)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines, lines)
def test_ledger_and_release_are_what_the_rules_say(
    tmp_path_factory: pytest.TempPathFactory, first: list[str], second: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("accounts")
    for name, content in (("a", first), ("b", second)):
        (folder / f"{name}.jsonl").write_text("\n".join(content) + "\n", encoding="utf-8")
    write_recipe(folder, [{"name": "press", "path": "*.jsonl"}], limits={"max_bad_share": 1.0}, dedup={"near": None})

    result = run("build", folder, "--dist", folder / "dist", "-q", "--json")

    files = [("a.jsonl", first), ("b.jsonl", second)]
    if "kept" not in expected_fates(files, {}).values():
        assert result.exit_code == 3
        return
    release = Path(json.loads(result.stdout)["release"])
    ledger = rows_of(release, "ledger")
    expected = expected_fates(files, {(row["path"], row["position"]): row["id"] for row in ledger})
    fates = {(row["path"], row["position"]): row["reason"] or row["status"] for row in ledger}
    assert len(fates) == len(ledger)
    assert fates == expected
    assert run("verify", release).exit_code == 0
    assert sum(row["duplicates"] for row in rows_of(release)) == sum(
        fate in {"kept", "exact_duplicate", "same_url"} for fate in fates.values()
    )


def expected_fates(files: list[tuple[str, list[str]]], ids: dict[tuple[str, int], str]) -> dict[tuple[str, int], str]:
    """The rules of docs/deduplication.md, one document after the other."""
    fates: dict[tuple[str, int], str] = {}
    pages: dict[str, list[tuple[tuple[str, int], str]]] = {}
    for path, content in files:
        for position, line in enumerate(content, start=1):
            place = (path, position)
            row: dict[str, Any] = {} if line == "no json" else json.loads(line)
            if "text" not in row:
                fates[place] = "no_text" if row else "not_json"
            elif row["text"] == "Bình luận (0)":
                fates[place] = "empty"
            else:
                page = row["url"].replace("http://A", "https://a").removesuffix("#x") if row["url"] else line
                pages.setdefault(page, []).append((place, row["text"]))
    chosen: list[tuple[tuple[str, int], str]] = []
    texts_of: dict[str, list[tuple[tuple[str, int], str]]] = {}
    for versions in pages.values():
        best = max(versions, key=lambda version: len(version[1]))
        chosen.append(best)
        for place, text in versions:
            if place != best[0]:
                same = key_of(text) == key_of(best[1])
                fates[place] = "exact_duplicate" if same else "same_url"
    for place, text in chosen:
        texts_of.setdefault(key_of(text), []).append((place, text))
    for copies in texts_of.values():
        stays = min(copies, key=lambda copy: (-len(copy[1]), ids.get(copy[0], "")))
        fates |= {place: "kept" if place == stays[0] else "exact_duplicate" for place, _ in copies}
    return fates


def key_of(text: str) -> str:
    return compare_all([text])[0].content_hash
