"""How much of a release the Hub has to be sent again: `python -m benchmarks.uploads [--options] [DOCUMENTS]`.

Made-up news is built twice by `corpus build`, before and after a change, and both releases go through the Hub's own
client (`hf_xet`) into a folder that plays the server, so chunks and what counts as known are those of the real service.
`--options` writes the same row groups again with other options of the Parquet writer. Before a change of the program,
run it in a checkout of the version before as well.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.texts import pages

FILES = 10
WITHDRAWN = 100
_RECIPE = """\
dataset: bench
version: {version}
sources:
  - {{name: press, path: "*.jsonl"}}
release: {{max_shard_mb: 32}}
"""

Page = dict[str, str]
Corpus = dict[str, list[Page]]
"""Pages by the name of their file."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What an upload takes."""

    total: int
    """Bytes of all files."""
    new: int
    """Bytes of chunks that were not there."""

    @property
    def share(self) -> float:
        """Of the bytes, per cent."""
        return 100 * self.new / self.total


def appended(corpus: Corpus, more: list[Page]) -> Corpus:
    """5 % more, in a file behind all others."""
    return corpus | {"z-new.jsonl": more}


def inserted(corpus: Corpus, more: list[Page]) -> Corpus:
    """5 % more, in a file whose name is in the middle."""
    return corpus | {f"pages-{FILES // 2:02d}-new.jsonl": more}


def changed_in_the_middle(corpus: Corpus, more: list[Page]) -> Corpus:
    """5 % of the pages, one behind the other, have another text."""
    name = f"pages-{FILES // 2:02d}.jsonl"
    old = corpus[name]
    new = [page | {"text": other["text"]} for page, other in zip(old, more, strict=False)]
    return corpus | {name: new + old[len(new) :]}


def changed_all_over(corpus: Corpus, more: list[Page]) -> Corpus:
    """Every twentieth page has another text."""
    others = iter(more)
    return {
        name: [
            page | {"text": next(others)["text"]} if place % 20 == 7 else page for place, page in enumerate(pages_here)
        ]
        for name, pages_here in corpus.items()
    }


def withdrawn(corpus: Corpus, _more: list[Page]) -> Corpus:
    """100 pages are gone."""
    rng = random.Random(5)
    gone = set(rng.sample([page["url"] for pages_here in corpus.values() for page in pages_here], WITHDRAWN))
    return {name: [page for page in here if page["url"] not in gone] for name, here in corpus.items()}


CASES: dict[str, Callable[[Corpus, list[Page]], Corpus]] = {
    "5 % appended": appended,
    "5 % changed in the middle": changed_in_the_middle,
    "5 % changed all over": changed_all_over,
    "100 withdrawn": withdrawn,
    "5 % in a file in the middle": inserted,
}


def main() -> None:
    """Print a row for each change; with `--options` for each set of options and change."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", nargs="?", type=int, default=40_000)
    parser.add_argument("--options", action="store_true", help="also write with other options of the writer")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        os.environ["HF_XET_CACHE"] = str(folder / "xet")
        base, more = _corpus(options.documents)
        old = build(base, folder, "before", "0.1.0")
        releases = {
            name: build(change(base, more), folder, f"case-{number}", "0.2.0", old)
            for number, (name, change) in enumerate(CASES.items())
        }
        print(f"{'change':<28} {'files':>5} {'same':>5} {'MB':>7} {'sent MB':>8} {'share':>7} {'of all':>7}")
        for name, new in releases.items():
            data = upload(_data(old), _data(new), folder / "hub")
            everything = upload(_files(old), _files(new), folder / "hub")
            known = {file.read_bytes() for file in _data(old)}
            same = sum(file.read_bytes() in known for file in _data(new))
            print(
                f"{name:<28} {len(_data(new)):5} {same:5} {data.total / 1e6:7.1f} {data.new / 1e6:8.2f} "
                f"{data.share:6.1f}% {everything.share:6.1f}%",
                flush=True,
            )
        if options.options:
            compare_options(old, releases, folder)


def build(corpus: Corpus, folder: Path, name: str, version: str, before: Path | None = None) -> Path:
    """Write raw files and build them; answer the folder of the release. All builds share a cache."""
    raw, dist = folder / "raw", folder / name
    shutil.rmtree(raw, ignore_errors=True)
    raw.mkdir()
    for file, content in corpus.items():
        (raw / file).write_text("".join(json.dumps(page, ensure_ascii=False) + "\n" for page in content), "utf-8")
    (raw / "corpus.yaml").write_text(_RECIPE.format(version=version), "utf-8")
    if before:
        shutil.copytree(before.parent, dist / before.parent.name)
    command = [sys.executable, "-m", "corpus", "build", str(raw), "--dist", str(dist), "--json", "-q"]
    environment = os.environ | {"CORPUS_CACHE_DIR": str(folder / "cache")}
    answer = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return Path(json.loads(answer.stdout)["release"])


def upload(old: list[Path], new: list[Path], hub: Path) -> Sent:
    """What the second of two uploads takes."""
    # Takes its settings from the environment when it is first imported.
    import hf_xet

    shutil.rmtree(hub, ignore_errors=True)
    session = hf_xet.XetSession()
    sent = Sent(0, 0)
    for files in (old, new):
        commit = session.new_upload_commit(endpoint=f"local://{hub}")
        for file in files:
            commit.start_upload_file(str(file))
        metrics = commit.wait_to_finish().dedup_metrics
        sent = Sent(metrics.total_bytes, metrics.new_bytes)
    return sent


def compare_options(old: Path, releases: dict[str, Path], folder: Path) -> None:
    """Write the row groups of all releases with other options, and upload these."""
    print(f"\n{'options':<34} {'MB':>6} {'write s':>8} {'read s':>7}  sent, MB: {', '.join(CASES)}")
    for name, options in _options():
        written, seconds = _rewritten(old, folder / "old", options)
        started = time.process_time()
        for file in written:
            pq.read_table(file, use_threads=False)
        reading = time.process_time() - started
        sent = []
        for new in releases.values():
            again, _ = _rewritten(new, folder / "new", options)
            sent.append(upload(written, again, folder / "hub").new / 1e6)
        size = sum(file.stat().st_size for file in written) / 1e6
        shown = "".join(f"{megabytes:9.2f}" for megabytes in sent)
        print(f"{name:<34} {size:6.1f} {seconds:8.2f} {reading:7.2f}  {shown}", flush=True)


def _options() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "as shipped", {}
    yield "no content-defined chunks", {"use_content_defined_chunking": False}
    for level in (3, 6, 9):
        for least, most in ((256, 1024), (128, 512), (64, 256)):
            chunks = {"min_chunk_size": least << 10, "max_chunk_size": most << 10}
            yield (
                f"zstd {level}, chunks {least} to {most} KiB",
                {"compression_level": level, "use_content_defined_chunking": chunks},
            )
    yield "pages of 128 KiB", {"data_page_size": 1 << 17}
    yield "no dictionaries", {"use_dictionary": False}


def _rewritten(release: Path, folder: Path, options: dict[str, Any]) -> tuple[list[Path], float]:
    """The data files of a release with other options; also the seconds of CPU time that writing took."""
    from corpus.release.shards import parquet_options

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    seconds = 0.0
    for path in _data(release):
        with pq.ParquetFile(path) as file:
            schema: pa.Schema = file.schema_arrow
            with pq.ParquetWriter(folder / path.name, schema, **(parquet_options(schema) | options)) as writer:
                for index in range(file.num_row_groups):
                    group = file.read_row_group(index)
                    started = time.process_time()
                    writer.write_table(group.combine_chunks(), row_group_size=len(group))
                    seconds += time.process_time() - started
    return sorted(folder.iterdir()), seconds


def _corpus(documents: int) -> tuple[Corpus, list[Page]]:
    """Pages in some files, and 5 % more."""
    # One in ten repeats another and goes.
    source = pages(10**9)
    base = list(islice(source, round(documents / 0.9)))
    size = -(-len(base) // FILES)
    more = [page | {"url": page["url"] + "?new"} for page in islice(source, len(base) // 20)]
    return {f"pages-{number:02d}.jsonl": base[number * size : (number + 1) * size] for number in range(FILES)}, more


def _data(release: Path) -> list[Path]:
    return sorted((release / "data").iterdir())


def _files(release: Path) -> list[Path]:
    return sorted(path for path in release.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
