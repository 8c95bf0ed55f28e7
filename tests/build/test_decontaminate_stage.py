"""Evaluation files of all kinds, and what of them stands in the documents of a part."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus.build.cache import Cache
from corpus.build.inputs import benchmarks, take_evaluation_stock
from corpus.build.progress import Progress
from corpus.build.stages.decontaminate import contamination, grams_params, run_grams, run_hits
from corpus.build.task import Context, Data, Result, Task
from corpus.clean.vietnamese import compose
from corpus.errors import BadInputError, InputChangedError, UsageError
from corpus.recipe import Recipe
from corpus.release.manifest import Contamination

QUESTION = "Con kênh nào ở xã Vĩnh Hòa được đào trước mùa nước nổi năm ấy?"
PASSAGE = "Bà con hai bên bờ đã góp đất, góp công suốt ba năm để cây cầu hoàn thành trước mùa nước nổi năm nay."
OTHER = "Hợp tác xã dự tính mở thêm một trạm thu mua lúa ở đầu cầu ngay khi con đường nối được trải nhựa."


def recipe(files: dict[str, Any], **fields: Any) -> Recipe:
    source = {"name": "press", "path": "raw"}
    whole = {"dataset": "bridges", "version": "1.0.0", "sources": [source], "decontaminate": {"files": files}}
    return Recipe.model_validate(whole | fields)


class Build:
    """The two stages in a folder, run as a build would."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "cache" / "tmp").mkdir(parents=True, exist_ok=True)
        self.context = Context(root / "cache", root)

    def grams_task(self, made: Recipe) -> Task:
        stock = take_evaluation_stock(made, self.root, self.root / "cache", self.root / "dist", Progress())
        words = made.decontaminate.words
        sources = benchmarks(made.decontaminate)
        return Task("grams", "1", grams_params(sources, stock.files, stock.digests, made.cleaning, words))

    def grams(self, made: Recipe) -> Result:
        task = self.grams_task(made)
        return self._make(task, lambda out: run_grams(task, self.context, out))

    def hits(self, made: Recipe, grams: Result, texts: list[str]) -> Result:
        table = pa.table({"id": [str(n) for n in range(len(texts))], "text": pa.array(texts, pa.string())})

        def documents(out: Path) -> dict[str, Any]:
            pq.write_table(table, out / "documents.parquet", row_group_size=2)
            return {}

        part = self._make(Task("documents", "1", {"texts": texts}), documents)
        inputs: dict[str, tuple[Data, ...]] = {
            "documents": (part.named("documents.parquet"),),
            "grams": (grams.named("grams.parquet"),),
        }
        params = {"benchmarks": sorted(made.decontaminate.files), "words": made.decontaminate.words}
        task = Task("hits", "1", params, inputs)
        return self._make(task, lambda out: run_hits(task, self.context, out))

    def found(self, made: Recipe, *texts: str) -> list[tuple[int, str]]:
        """Row and detail of the documents that hold a benchmark."""
        result = self.hits(made, self.grams(made), list(texts))
        return [(row["row"], row["detail"]) for row in self.rows(result, "contaminated")]

    def rows(self, result: Result, name: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = pq.read_table(self.context.path(result.named(f"{name}.parquet"))).to_pylist()
        return rows

    def _make(self, task: Task, fill: Any) -> Result:
        return Cache(self.context.cache).make(task, fill)


@pytest.fixture
def build(tmp_path: Path) -> Build:
    return Build(tmp_path)


def jsonl(*rows: Any) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


TRUNCATED = gzip.compress(jsonl({"q": QUESTION}).encode(), mtime=0)[:-9]


class TestFiles:
    def test_all_strings_of_a_record_count_however_deep_they_stand(self, build: Build) -> None:
        half = QUESTION.split()
        nested = {"id": 7, "choices": [" ".join(half[:8]), {"label": None, "text": [[" ".join(half[8:])]]}], "n": 1.5}
        (build.root / "quiz.jsonl").write_text(jsonl({"text": OTHER}, nested), encoding="utf-8")
        assert build.found(recipe({"quiz": "quiz.jsonl"}), PASSAGE, QUESTION) == [(1, "quiz: 3 n-grams, 1 item")]

    def test_names_of_fields_do_not_count(self, build: Build) -> None:
        (build.root / "quiz.jsonl").write_text(jsonl({QUESTION: OTHER}), encoding="utf-8")
        assert build.found(recipe({"quiz": "quiz.jsonl"}), QUESTION) == []

    def test_a_csv_file_with_and_without_header(self, build: Build) -> None:
        (build.root / "with.csv").write_text(f'question,answer\n"{PASSAGE}",A\n', encoding="utf-8")
        (build.root / "without.csv").write_text(f'"{QUESTION}",A,A\n"{OTHER}",B,B\n', encoding="utf-8")
        made = recipe({"with": "with.csv", "without": "without.csv"})
        grams = build.grams(made)
        assert [grams.counts["benchmarks"][name]["items"] for name in ("with", "without")] == [1, 2]
        assert [row for row, _ in build.found(made, PASSAGE, QUESTION, OTHER)] == [0, 1, 2]

    def test_a_text_file_has_an_item_to_a_paragraph(self, build: Build) -> None:
        (build.root / "quiz.txt").write_bytes(f"\r\n{PASSAGE}\r\n{QUESTION}\r\n \r\n\r\n{OTHER}\r\n".encode())
        made = recipe({"quiz": "quiz.txt"})
        assert build.grams(made).counts["benchmarks"]["quiz"]["items"] == 2
        assert build.found(made, f"{PASSAGE} {QUESTION}") == [(0, "quiz: 27 n-grams, 1 item")]

    def test_compressed_files_folders_and_parquet(self, build: Build) -> None:
        folder = build.root / "eval"
        folder.mkdir()
        (folder / "a.jsonl.gz").write_bytes(gzip.compress(jsonl({"q": QUESTION}).encode()))
        pq.write_table(pa.table({"n": [1], "options": [[{"text": OTHER}, {"text": None}]]}), folder / "b.parquet")
        (folder / "c.json").write_text(json.dumps([{"q": PASSAGE}], ensure_ascii=False), encoding="utf-8")
        made = recipe({"all": "eval"})
        assert [row for row, _ in build.found(made, QUESTION, OTHER, PASSAGE)] == [0, 1, 2]

    def test_their_text_is_mended_as_that_of_documents(self, build: Build) -> None:
        decomposed = QUESTION.replace("ấ", "a\u0302\u0301").replace("ổ", "o\u0302\u0309")
        assert compose(decomposed) == QUESTION
        (build.root / "quiz.jsonl").write_text(jsonl({"q": f"<p>{decomposed}&nbsp;</p>"}), encoding="utf-8")
        assert build.found(recipe({"quiz": "quiz.jsonl"}), QUESTION) != []

    def test_personal_data_is_masked_in_them_as_in_documents(self, build: Build) -> None:
        written = f"{' '.join(OTHER.split()[:7])} viết về ben.do@xomdoi.example.com {' '.join(OTHER.split()[7:12])}"
        (build.root / "quiz.jsonl").write_text(jsonl({"q": written}), encoding="utf-8")
        masked = written.replace("ben.do@xomdoi.example.com", "[EMAIL]")
        assert build.found(recipe({"quiz": "quiz.jsonl"}), masked) == []
        assert build.found(recipe({"quiz": "quiz.jsonl"}, privacy={"mode": "mask"}), masked) != []


class TestErrors:
    def test_a_path_that_leads_nowhere(self, build: Build) -> None:
        with pytest.raises(UsageError, match=r"^decontaminate\.files: .*'quiz': gone\.jsonl: no such file"):
            build.grams_task(recipe({"quiz": "gone.jsonl"}))

    @pytest.mark.parametrize(
        ("name", "content", "place"),
        [
            ("quiz.jsonl", jsonl({"q": QUESTION}) + "{broken\n", "quiz.jsonl:2: not_json"),
            (
                "quiz.jsonl.gz",
                gzip.compress(jsonl({"q": QUESTION}).encode(), mtime=0)[:-9],
                "quiz.jsonl.gz:2: truncated",
            ),
            ("quiz.csv", 'q,a\n"one","two","three"\n', "quiz.csv:1: bad_row"),
            ("quiz.txt", "", "quiz.txt: empty_file"),
            ("quiz.parquet", "no parquet", "quiz.parquet: corrupt"),
        ],
        ids=["line", "stream", "row", "empty", "format"],
    )
    def test_what_cannot_be_read_is_named(self, build: Build, name: str, content: str | bytes, place: str) -> None:
        (build.root / name).write_bytes(content.encode() if isinstance(content, str) else content)
        with pytest.raises(BadInputError) as error:
            build.grams(recipe({"quiz": name}))
        assert f"'quiz': {place}" in str(error.value)

    def test_columns_of_one_name_are_not_told_apart_so_they_are_refused(self, build: Build) -> None:
        table = pa.table([[QUESTION], [OTHER]], names=["q", "q"])
        pq.write_table(table, build.root / "quiz.parquet")
        with pytest.raises(BadInputError, match="two columns are named 'q'"):
            build.grams(recipe({"quiz": "quiz.parquet"}))

    def test_a_benchmark_that_could_never_be_found(self, build: Build) -> None:
        (build.root / "quiz.jsonl").write_text(jsonl({"q": "Cầu nào dài nhất?"}), encoding="utf-8")
        with pytest.raises(BadInputError, match="'quiz': none of its items could be found"):
            build.grams(recipe({"quiz": "quiz.jsonl"}))

    def test_a_file_that_changes_after_it_was_hashed(self, build: Build) -> None:
        path = build.root / "quiz.jsonl"
        path.write_text(jsonl({"q": QUESTION}), encoding="utf-8")
        task = build.grams_task(recipe({"quiz": "quiz.jsonl"}))
        path.write_text(jsonl({"q": QUESTION[:-1] + "!"}), encoding="utf-8")
        with pytest.raises(InputChangedError):
            run_grams(task, build.context, build.root)


class TestKeys:
    def test_the_content_of_a_file_is_part_of_the_key(self, build: Build) -> None:
        path = build.root / "quiz.jsonl"
        made = recipe({"quiz": "quiz.jsonl"})
        path.write_text(jsonl({"q": QUESTION}), encoding="utf-8")
        before = build.grams_task(made).key
        assert build.grams_task(made).key == before
        path.write_text(jsonl({"q": OTHER}), encoding="utf-8")
        assert build.grams_task(made).key != before

    def test_rules_about_lines_and_quality_are_not(self, build: Build) -> None:
        (build.root / "quiz.jsonl").write_text(jsonl({"q": QUESTION}), encoding="utf-8")
        plain = recipe({"quiz": "quiz.jsonl"})
        other = recipe({"quiz": "quiz.jsonl"}, quality={"presets": ["gopher"]}, clean={"boilerplate": False})
        assert build.grams_task(plain).key == build.grams_task(other).key


class TestResults:
    def test_lines_are_named_with_rule_and_benchmarks(self, build: Build) -> None:
        (build.root / "a.jsonl").write_text(jsonl({"q": QUESTION}), encoding="utf-8")
        (build.root / "b.jsonl").write_text(jsonl({"q": QUESTION}, {"q": PASSAGE}), encoding="utf-8")
        made = recipe({"b": "b.jsonl", "a": "a.jsonl"})
        texts = [OTHER, OTHER, f"{OTHER}\n\n{QUESTION}", "", f"{PASSAGE}\n{OTHER}"]
        result = build.hits(made, build.grams(made), texts)
        assert build.rows(result, "removals") == [
            {"row": 2, "index": 1, "rule": "contaminated_v1", "why": "a, b"},
            {"row": 4, "index": 0, "rule": "contaminated_v1", "why": "b"},
        ]
        assert build.rows(result, "contaminated") == [
            {"row": 2, "detail": "a: 3 n-grams, 1 item; b: 3 n-grams, 1 item"},
            {"row": 4, "detail": "b: 12 n-grams, 1 item"},
        ]

    def test_items_are_counted_once_over_all_parts(self, build: Build) -> None:
        items = [{"q": QUESTION}, {"q": PASSAGE}, {"q": OTHER}, {"q": "Cầu nào dài nhất?"}]
        (build.root / "quiz.jsonl").write_text(jsonl(*items), encoding="utf-8")
        made = recipe({"quiz": "quiz.jsonl"})
        grams = build.grams(made)
        parts = [build.hits(made, grams, texts) for texts in ([QUESTION], [QUESTION, OTHER], ["Không có gì."])]
        assert [part.counts["benchmarks"]["quiz"]["items"] for part in parts] == [[0], [0, 2], []]
        ngrams = 3 + 3 + len(OTHER.split()) - 12
        assert contamination(grams.counts, [part.counts for part in parts]) == {
            "quiz": Contamination(items=4, items_too_short=1, items_common=0, items_found=2, documents=3, ngrams=ngrams)
        }

    def test_the_number_of_words_is_that_of_the_recipe(self, build: Build) -> None:
        (build.root / "quiz.jsonl").write_text(jsonl({"q": QUESTION}), encoding="utf-8")
        five = " ".join(QUESTION.split()[3:8])
        files = {"quiz": "quiz.jsonl"}
        assert build.found(recipe(files), five) == []
        assert build.found(recipe(files, decontaminate={"files": files, "words": 5}), five) == [
            (0, "quiz: 1 n-gram, 1 item")
        ]
