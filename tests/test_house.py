"""The structure of the house: who may import whom, what is public, and which files follow from the code."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import corpus
from corpus.schemas import as_text, schemas
from tests.support import article, build, run, small_corpus, write_jsonl

TOP = Path(corpus.__file__).parent
SCHEMAS = TOP.parent / "schemas"


def floors() -> list[set[str]]:
    """The picture in docs/architecture.md, from the top floor to the ground."""
    page = (TOP.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    picture = page.split("```text\n")[1].split("```")[0]
    return [{room.rstrip("/") for room in re.split(" {3,}", line.strip())[0].split()} for line in picture.splitlines()]


def imports(path: Path) -> set[str]:
    """Rooms of `corpus` that a module imports, also within functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "corpus":
            steps = node.module.split(".")
            found |= {steps[1]} if len(steps) > 1 else {alias.name for alias in node.names}
    return found


def test_imports_run_downwards_only() -> None:
    """A room imports from floors below it, or from itself, as the picture of the architecture shows."""
    floor_of = {room: number for number, rooms in enumerate(floors()) for room in rooms}
    for path in TOP.rglob("*.py"):
        room = path.relative_to(TOP).parts[0].removesuffix(".py")
        if room in {"__init__", "__main__", "_version"}:
            continue
        for imported in imports(path) - {room, "_version"}:
            assert floor_of[imported] > floor_of[room], f"{path.relative_to(TOP)} imports {imported}"


def test_cleaning_knows_nothing_of_files_builds_or_tables() -> None:
    for path in (TOP / "clean").rglob("*.py"):
        names = {
            name.split(".")[0]
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
        }
        assert not names & {"pyarrow", "duckdb", "pathlib", "os", "io"}, path.name
        assert imports(path) <= {"clean", "recipe", "signals", "errors", "_callable"}, path.name


def test_public_surface() -> None:
    assert sorted(corpus.__all__) == [
        "Cleaned",
        "CorpusError",
        "Diff",
        "Recipe",
        "Release",
        "Removed",
        "__version__",
        "build",
        "clean",
        "diff",
        "load",
        "publish",
    ]
    for name in corpus.__all__:
        assert getattr(corpus, name) is not None


def test_rooms_that_are_verbs_can_be_called_and_imported_from() -> None:
    code = (
        "import corpus, corpus.clean.url, corpus.build.pipeline as pipeline; from corpus.clean import Cleaned; "
        "assert isinstance(corpus.clean('xin chào'), Cleaned); assert callable(corpus.build); "
        "import inspect; assert 'text' in inspect.signature(corpus.clean).parameters"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("name", sorted(schemas()))
def test_schema_files_are_those_of_the_models(name: str) -> None:
    assert (SCHEMAS / name).read_text(encoding="utf-8") == as_text(schemas()[name]), "run `make schemas`"


def test_generated_pages_are_those_of_the_program() -> None:
    """Runs the generator as `make docs` does, and compares."""
    docs = TOP.parent / "docs"
    code = f"import sys, json; sys.path.insert(0, {str(docs)!r}); import generate; print(json.dumps(generate.pages()))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for name, text in json.loads(result.stdout).items():
        assert (docs / name).read_text(encoding="utf-8") == text, "run `make docs`"


def test_every_rule_is_documented() -> None:
    code = "".join(
        path.read_text(encoding="utf-8") for room in ("clean", "dedup") for path in (TOP / room).rglob("*.py")
    )
    rules = set(re.findall(r'"([a-z_]+_v\d+)"', code))
    page = (TOP.parent / "docs" / "cleaning.md").read_text(encoding="utf-8")
    assert rules == set(re.findall(r"^\| `([a-z_]+_v\d+)`", page, flags=re.MULTILINE))


def test_there_is_no_schema_file_without_a_model() -> None:
    assert {path.name for path in SCHEMAS.iterdir()} == set(schemas())


def test_a_manifest_with_all_there_is_fits_its_schema(tmp_path: Path) -> None:
    """A second version with splits, a benchmark, a request and a card of its own."""
    raw = small_corpus(tmp_path / "raw", version="auto", splits={"validation": 1, "test": 0.1})
    dist = ("--dist", str(tmp_path / "dist"))
    build(raw, tmp_path / "dist")
    write_jsonl(raw / "quiz/all.jsonl", [{"text": article(3)}])
    small_corpus(raw, version="auto", splits={"validation": 1, "test": 0.1}, decontaminate={"files": {"quiz": "quiz"}})
    (raw / "card.md").write_text("## Uses\n\nSongs.\n", encoding="utf-8")
    assert run("withdraw", raw, "--url", "https://a.example/1", "--reason", "asked", *dist).exit_code == 0
    manifest = json.loads((build(raw, tmp_path / "dist") / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["changes"]
    assert manifest["parents"]
    assert manifest["withdrawn"]
    assert manifest["evaluation_inputs"][0]["source"] == "quiz"
    assert [entry["path"] for entry in manifest["other_inputs"]] == ["card.md", "withdrawn.jsonl"]
    jsonschema.validate(manifest, schemas()["manifest.schema.json"])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(manifest | {"mood": "good"}, schemas()["manifest.schema.json"])


def test_manifest_of_the_committed_release_fits_its_schema() -> None:
    path = TOP.parent / "dist/vi-news-seeds/vi-news-seeds-0.1.0/manifest.json"
    jsonschema.validate(json.loads(path.read_text(encoding="utf-8")), schemas()["manifest.schema.json"])
