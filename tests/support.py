"""What tests of several rooms share: raw files to build from, and ways to run the command."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import yaml
from click.testing import CliRunner, Result

from corpus.cli import main

SEEDS = Path(__file__).parent.parent / "seeds"

PARAGRAPHS = (
    "Sáng nay, xã Vĩnh Hòa khánh thành cây cầu mới bắc qua con kênh lớn, rút ngắn quãng đường đến chợ huyện.",
    "Bà con hai bên bờ đã góp đất, góp công suốt ba năm để cây cầu hoàn thành trước mùa nước nổi năm nay.",
    "Trưởng ấp cho biết học sinh không còn phải đi đò, còn thương lái có thể đưa xe tải vào tận ruộng.",
    "Hợp tác xã dự tính mở thêm một trạm thu mua lúa ở đầu cầu ngay khi con đường nối được trải nhựa.",
    "Theo kế hoạch, tuyến xe buýt đầu tiên sẽ chạy qua cầu vào tháng sau, mỗi ngày sáu chuyến đi và về.",
)
"""Prose in which nothing is boilerplate."""


def article(number: int, paragraphs: int = 3) -> str:
    """A page of Vietnamese prose that no other number gives, nor anything near it."""
    last = f"Đây là bản tin số {number} trong loạt bài về những cây cầu nông thôn."
    return "\n\n".join([PARAGRAPHS[number % len(PARAGRAPHS)], story(number, sentences=paragraphs - 1), last])


def write_jsonl(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def write_recipe(folder: Path, sources: Sequence[Mapping[str, Any]], **fields: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    recipe = {"dataset": "bridges", "version": "1.0.0", "sources": list(sources)} | fields
    path = folder / "corpus.yaml"
    path.write_text(yaml.safe_dump(recipe, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def small_corpus(folder: Path, documents: int = 6, **fields: Any) -> Path:
    """A recipe over one JSONL file; answers the folder."""
    rows = [{"url": f"https://a.example/{n}", "text": article(n)} for n in range(documents)]
    write_jsonl(folder / "pages.jsonl", rows)
    write_recipe(folder, [{"name": "press", "path": "*.jsonl"}], **fields)
    return folder


def run(*arguments: str | Path) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="corpus")


def run_json(*arguments: str | Path) -> Any:
    """Run a command with --json; it must succeed."""
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def start(*arguments: str | Path, **environment: str) -> subprocess.Popen[str]:
    """Start the command as a process of its own, leading its own process group."""
    return subprocess.Popen(
        [sys.executable, "-m", "corpus", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
        start_new_session=True,
    )


def build(folder: Path, dist: Path, *options: str) -> Path:
    """Build a recipe; answer the folder of the release."""
    return Path(run_json("build", folder, "--dist", dist, *options)["release"])


def rows_of(release: Path, table: str = "data") -> list[dict[str, Any]]:
    """All rows of a table of a release, in the order of its files."""
    stem = {"ledger": "ledger/[dq]*", "audit": "audit/*"}.get(table, "data/*")
    out: list[dict[str, Any]] = []
    for path in sorted(release.glob(f"{stem}.parquet")):
        out += pq.read_table(path).to_pylist()
    return out


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


_SYLLABLES = (
    "và của là có trong được cho không người các một những đã với để khi này đến từ về trên theo năm nước nhà thành "
    "phố tỉnh huyện xã dân sinh viên học trường kinh tế phát triển công nghệ thông tin dự án đầu tư doanh nghiệp "
    "sản xuất lúa gạo cà phê biển đảo rừng núi sông suối mưa nắng gió bão mùa xuân hạ thu đông sáng chiều"
).split()


def story(seed: int, sentences: int = 12) -> str:
    """A page of made-up sentences, one a paragraph, that shares no five words in a row with that of another seed."""
    rng = random.Random(seed)
    lines = (" ".join(rng.choices(_SYLLABLES, k=rng.randint(14, 22))) for _ in range(sentences))
    return "\n\n".join(line[0].upper() + line[1:] + "." for line in lines)


def edited(text: str, words: int = 1) -> str:
    """The text with some words replaced, spread over it."""
    pieces = text.split(" ")
    for number in range(words):
        pieces[(number + 1) * len(pieces) // (words + 1)] = f"khác{number}"
    return " ".join(pieces)
