"""The card: what README.md of a release says, and that its lines work."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Any

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from corpus.release.card import card_data, features_of_schema, read_card_data, write_card
from corpus.release.card.markdown import ROWS, code, plain
from corpus.release.hub_rules import check_card
from corpus.release.manifest import Changes, Manifest, OtherInput, Parent, Total, Withdrawn, read_manifest
from tests.support import build, edited, rows_of, run, small_corpus, story, write_jsonl, write_recipe

HOSTILE = 'Cầu | <script>alert("x")</script>\n\n# `của` **ai**? [đây](http://a.example) &lt;i&gt; <!-- '


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three sources, three splits with several files, near copies, a benchmark, masked numbers, bad records."""
    folder = tmp_path_factory.mktemp("card")
    raw = folder / "raw"
    long = [{"url": f"https://a.example/{n}", "text": story(n, sentences=110)} for n in range(260)]
    write_jsonl(raw / "press.jsonl", [row | {"votes": n, "mục | `b`": "x"} for n, row in enumerate(long)])
    near = story(900, sentences=40)
    phone = f"{story(901)}\n\nBạn đọc gọi 0912 345 678 để kể chuyện cây cầu của làng mình."
    texts = [near, edited(near), phone, f"{phone}\n", f"{story(902)}\n\n{story(999)}", "ngắn"]
    write_jsonl(raw / "web.jsonl", [{"text": text} for text in texts])
    with (raw / "web.jsonl").open("a", encoding="utf-8") as file:
        file.write("{not JSON\n")
    (raw / "latin.txt").write_bytes(
        "Le pont a été ouvert, a déclaré le maire de la ville à la presse.".encode("cp1252")
    )
    (raw / "bench.txt").write_text(story(999), encoding="utf-8")
    sources: list[dict[str, Any]] = [
        {"name": "press", "path": "press.jsonl", "keep": {"votes": "int64", "mục | `b`": "string"}},
        {"name": "web", "path": "web.jsonl", "license": HOSTILE},
        {"name": "letters", "path": "latin.txt"},
    ]
    write_recipe(
        raw,
        sources,
        license="cc-by-4.0",
        splits={"validation": 0.1, "test": 0.1},
        quality={"limits": {"words": {"min": 5}}},
        privacy={"mode": "mask"},
        decontaminate={"files": {"bench": "bench.txt"}},
        release={"title": HOSTILE, "description": HOSTILE, "max_shard_mb": 1},
    )
    return build(raw, folder / "dist")


@pytest.fixture(scope="module")
def manifest(release: Path) -> Manifest:
    return read_manifest(release)


@pytest.fixture(scope="module")
def card(release: Path) -> str:
    return (release / "README.md").read_text(encoding="utf-8")


def section(card: str, heading: str) -> str:
    return card.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def cells(markdown: str) -> list[tuple[str, ...]]:
    """The cells of the first table in some Markdown, as a reader sees them, without its head."""
    tokens = MarkdownIt().enable("table").parse(markdown)
    start = next(n for n, token in enumerate(tokens) if token.type == "tbody_open")
    rows: list[list[str]] = []
    for token in tokens[start:]:
        if token.type == "tbody_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append("".join(child.content for child in token.children or []))
    return [tuple(row) for row in rows]


def snippets(card: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", card, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("number", range(5), ids=["corpus", "datasets", "pandas", "polars", "duckdb"])
def test_every_line_that_loads_works_beside_the_folder_of_the_release(
    release: Path, card: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(snippets(card)) == 5
    assert len(list(release.glob("data/train-*"))) > 1
    monkeypatch.chdir(release.parent)
    names: dict[str, Any] = {}
    exec(snippets(card)[number], names)  # the card's own lines are what is tested
    expected = [row["id"] for path in sorted(release.glob("data/train-*")) for row in pq.read_table(path).to_pylist()]
    if number == 0:
        assert list(names["dataset"]["train"]["id"]) == expected
    elif number == 1:
        assert list(names["dataset"]["id"]) == [row["id"] for row in names["stream"]] == expected
    elif number == 4:
        assert [row[0] for row in names["rows"].fetchall()] == expected
    else:
        assert list(names["frame"]["id"]) == expected


def test_tables_of_sources_splits_and_languages_are_those_of_the_manifest(card: str, manifest: Manifest) -> None:
    for row in cells(section(card, "Licence and sources")):
        total = manifest.sources[row[0]]
        assert row[1:4] == tuple(f"{n:,}" for n in (total.documents, total.chars, total.words))
    for row in cells(section(card, "Splits")):
        files = [entry for entry in manifest.files if entry.split == row[0]]
        counted = (manifest.splits[row[0]].rows, len(files), sum(entry.bytes for entry in files))
        assert row[1:] == tuple(f"{n:,}" for n in counted)
    for row in cells(section(card, "Languages")):
        assert row[1] == f"{manifest.languages[row[0]].documents:,}"


def test_documents_that_go_lead_stage_by_stage_from_those_read_to_those_kept(card: str, manifest: Manifest) -> None:
    accounting = manifest.accounting
    left = accounting.read
    seen: dict[str, dict[str, int]] = {}
    for stage, reason, gone, rest in cells(section(card, "How it was cleaned")):
        left -= int(gone.replace(",", ""))
        assert rest == f"{left:,}"
        seen.setdefault(stage, {})[reason] = int(gone.replace(",", ""))
    assert left == accounting.kept
    assert seen == accounting.by_stage
    assert set(seen) == {"read", "clean", "decontaminate", "deduplicate"}


def test_card_names_every_number_of_the_cleaning(card: str, manifest: Manifest) -> None:
    cleaned = section(card, "How it was cleaned")
    accounting = manifest.accounting
    for counts in (accounting.removed_lines, accounting.encodings, accounting.limits, accounting.repaired):
        for name, n in counts.items():
            assert f"| `{name}` | {n:,} |" in cleaned
    assert "| `phone` | 2 |" in section(card, "Personal data")
    assert "| `bench` | 12 | 12 | 1 |" in section(card, "Evaluation data")
    copies = cells(section(card, "Duplicates"))
    assert [row[2] for row in copies] == ["0", "1", "1"]


def test_columns_of_columns_are_in_the_table_with_type_and_meaning(card: str, manifest: Manifest) -> None:
    table = {name: (type_, meaning) for name, type_, meaning in cells(section(card, "Columns"))}
    for column in manifest.columns:
        assert column.name in table
        for field in column.fields or []:
            assert f"{column.name}.{field.name}" in table
    assert table["published"] == ("date, may be null", "Day of publication")
    assert table["languages"][0] == "list of structs"


def test_values_of_recipes_stay_text(card: str) -> None:
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(card.split("\n---\n", 1)[1])
    assert "<script>" not in html
    assert "<!--" not in html
    shown = escape(" ".join(HOSTILE.split()), quote=True)
    assert f"<h1>{shown}" in html
    assert f"<p>{shown}" in html
    assert f"<td>{shown}" in html


@given(st.text(alphabet=st.sampled_from("ab1 \n|`*_[](){}<>&#;~!-+.=\\/@:đ"), max_size=40))
def test_any_value_comes_out_of_markdown_as_it_went_in(text: str) -> None:
    wanted = " ".join(text.split())
    for escaped in (plain(text), code(text)):
        for markdown, kind in ((escaped, "paragraph"), (f"| a |\n| --- |\n| {escaped} |", "table")):
            tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown)
            blocks = [token for token in tokens if token.level == 0 and token.nesting >= 0]
            assert [block.type for block in blocks] == ([f"{kind}_open"] if wanted or kind == "table" else [])
            inline = [token for token in tokens if token.type == "inline"]
            if wanted:
                assert {child.type for child in inline[-1].children or []} <= {"text", "code_inline", "text_special"}
                assert "".join(child.content for child in inline[-1].children or []) == wanted


def test_long_tables_end_with_the_number_of_rows_left_out(manifest: Manifest) -> None:
    totals = {f"source{n:02}": Total(documents=100 - n, chars=1, words=1) for n in range(ROWS + 14)}
    text = section(write_card(manifest.model_copy(update={"sources": totals})), "Licence and sources")
    assert len(cells(text)) == ROWS
    assert "And 14 more in `manifest.json`." in text


def test_card_says_the_same_in_every_build_and_has_no_date(tmp_path: Path) -> None:
    first, second = (build(small_corpus(tmp_path / n / "raw"), tmp_path / n / "dist") for n in ("one", "two"))
    text = (first / "README.md").read_text(encoding="utf-8")
    assert text == (second / "README.md").read_text(encoding="utf-8")
    assert not re.search(r"\b(19|20)\d\d\b", section(text, "Citation"))


def limits_of(folder: Path, **fields: Any) -> str:
    return section(
        (build(small_corpus(folder / "raw", **fields), folder / "dist") / "README.md").read_text(), "Known limits"
    )


def test_known_limits_follow_from_the_recipe(tmp_path: Path, card: str) -> None:
    bare = limits_of(tmp_path / "bare", dedup={"near": False, "exact": False})
    for said in (
        "No licence of the Hub's list is named for the whole",
        "1 source has no licence named here: `press`.",
        "Personal data may be inside",
        "No document was dropped for its quality",
        "Exact copies were not looked for.",
        "Near copies were not looked for.",
        "A paragraph may stand in several documents.",
        "Evaluation data may be inside",
        "There is no held-out split.",
        "All documents whose language was found are in one: `vi`.",
    ):
        assert said in bare
    full = section(card, "Known limits")
    assert "2 sources have no licence named here: `press`, `letters`." in full
    assert "1 record could not be read" in full
    for unsaid in ("Personal data may be", "Near copies", "Evaluation data", "held-out", "quality"):
        assert unsaid not in full


def test_withdrawn_documents_are_counted_by_reason(manifest: Manifest) -> None:
    withdrawn = Withdrawn(sha256="0" * 64, requests=3, documents={"author | asked": 4, "court": 1})
    text = write_card(manifest.model_copy(update={"withdrawn": withdrawn}))
    assert "3 requests on the list, 5 documents left out of this version for them." in section(text, "Removal")
    assert cells(section(text, "Removal")) == [("author | asked", "4"), ("court", "1")]
    assert "Of the sources, 5 documents had to be left out on request." in section(text, "Known limits")


def test_versions_with_what_changed(manifest: Manifest) -> None:
    changes = Changes(
        level="minor",
        added={"new": 5},
        removed={"withdrawn": 2},
        changed={},
        schema_changes=["column votes came"],
        recipe_changes=["dedup.near"],
    )
    parents = [
        Parent(version="0.2.0", digest="1" * 64, documents=1200, changes=changes),
        Parent(version="0.1.0", digest="2" * 64, documents=900),
    ]
    own = changes.model_copy(update={"level": "major"})
    text = section(write_card(manifest.model_copy(update={"parents": parents, "changes": own})), "Versions")
    assert cells(text) == [
        ("1.0.0 (this one)", f"{manifest.accounting.kept}", "major"),
        ("0.2.0", "1,200", "minor"),
        ("0.1.0", "900", "the first"),
    ]
    assert "What is different from `0.2.0`" in text
    assert "- 5 documents added: `new` 5\n- 2 documents removed: `withdrawn` 2\n- columns: column votes came\n" in text
    assert "- fields of the recipe with another value: `dedup.near`" in text


def test_inputs_are_named_with_their_digests(manifest: Manifest) -> None:
    other = OtherInput(path="withdrawn.jsonl", bytes=1234, sha256="3" * 64)
    text = section(write_card(manifest.model_copy(update={"other_inputs": [other]})), "Provenance")
    for source in manifest.inputs:
        assert f"| `{source.source}` | {source.files} | {source.bytes:,} | `{source.sha256}` |" in text
    assert f"| `withdrawn.jsonl` | 1 | 1,234 | `{'3' * 64}` |" in text
    assert manifest.rows_digest in text
    assert manifest.recipe_digest in text


def test_citation_is_a_bibtex_entry_of_this_very_version(card: str, manifest: Manifest) -> None:
    text = section(card, "Citation")
    assert "@misc{bridges-1.0.0,\n" in text
    assert "version = {1.0.0}" in text
    assert manifest.rows_digest in text
    assert r"\#" in text
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize(
    ("splits", "said"),
    [
        ({}, "A hash of its id decides"),
        ({"by": "site"}, "All documents of a site are in one split"),
        ({"by": "time"}, "what is held out is later"),
    ],
)
def test_card_says_how_documents_come_into_splits(manifest: Manifest, splits: dict[str, str], said: str) -> None:
    recipe = manifest.recipe | {"splits": manifest.recipe["splits"] | splits}
    assert said in section(write_card(manifest.model_copy(update={"recipe": recipe})), "Splits")


def test_yaml_block_is_plain_and_within_the_rules_of_the_hub(card: str, manifest: Manifest) -> None:
    data = read_card_data(card)
    assert data == yaml.safe_load(yaml.safe_dump(card_data(manifest)))
    assert check_card(data) == []
    assert (data["size_categories"], data["license"]) == (["n<1K"], "cc-by-4.0")


def test_card_that_a_hub_would_refuse_is_a_problem_of_the_release(tmp_path: Path) -> None:
    release = build(small_corpus(tmp_path / "raw"), tmp_path / "dist")
    path = release / "README.md"
    path.write_text(path.read_text(encoding="utf-8").replace("- vi\n", "- Vietnamese\n", 1), encoding="utf-8")
    result = run("verify", release)
    assert (result.exit_code, "language: 'Vietnamese' is no code of ISO 639" in result.output) == (1, True)


TYPES: st.SearchStrategy[pa.DataType] = st.sampled_from(
    [pa.string(), pa.int64(), pa.int32(), pa.float64(), pa.float32(), pa.bool_(), pa.date32()]
)
STRUCTS = st.dictionaries(st.sampled_from("abcd"), TYPES, min_size=1).map(
    lambda fields: pa.struct(list(fields.items()))
)


@given(st.lists(TYPES | STRUCTS | TYPES.map(pa.list_) | STRUCTS.map(pa.list_), min_size=1, max_size=6))
def test_features_of_a_schema_are_those_that_datasets_writes(types: list[pa.DataType]) -> None:
    schema = pa.schema([(f"column{n}", type_) for n, type_ in enumerate(types)])
    expected: Any = datasets.Features.from_arrow_schema(schema)
    assert features_of_schema(schema) == expected._to_yaml_list()


def test_release_with_several_files_verifies_and_loads(release: Path, manifest: Manifest) -> None:
    assert run("verify", release).exit_code == 0
    loaded = datasets.load_dataset(str(release))
    assert sum(split.num_rows for split in loaded.values()) == manifest.accounting.kept == len(rows_of(release))
