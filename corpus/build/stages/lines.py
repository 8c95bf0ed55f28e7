"""Lines that stand in many documents.

`lines`: documents of one part -> `lines`, and `pages` by site. `site_pages`: pages of one bucket of sites -> `sites`.
`site_lines`: lines of one bucket -> `frequent`. `paragraphs`: lines of one bucket -> `repeated`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xxhash

from corpus._tables import write_keys, write_sorted
from corpus.build.schemas import FREQUENT, LINES, PAGES, REPEATED, SITES
from corpus.build.stages._parts import documents_of
from corpus.build.task import Context, Json, Task
from corpus.clean.quality.words import read_batch
from corpus.dedup.buckets import Bucket, Ints, Numbering, hashes, ints, read_bucket
from corpus.dedup.lines import line_keys, page_values
from corpus.dedup.paragraphs import FirstLines
from corpus.dedup.reading import GROUP_CHARS, groups_of
from corpus.dedup.site_lines import Lines, SitePages, frequent, site_pages
from corpus.dedup.sketch import first_values, shingle_all
from corpus.recipe import SiteLines

PAGE_WORDS = 5
"""Words of the n-grams of which the smallest one marks a page."""
_NO_LINES = {field.name: np.zeros(0, field.type.to_pandas_dtype()) for field in LINES}


def run_lines(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Write the lines of one part; counts nothing. Documents that are dropped or very long have none."""
    facts = pq.read_table(context.paths(task, "facts")[0], columns=["site", "source", "dropped"], use_threads=False)
    alive = facts["dropped"].is_null().to_numpy()
    sites = facts["site"].to_pylist()
    source = facts["source"][0].as_py() if len(facts) else ""
    tables = [pa.table(_NO_LINES, schema=LINES)]
    for start, group in documents_of(task, context, ["text"]):
        texts = group["text"].to_pylist()
        rows = [
            start + offset for offset, text in enumerate(texts) if alive[start + offset] and len(text) <= GROUP_CHARS
        ]
        done = 0
        for together in groups_of([texts[row - start] for row in rows]):
            batch = read_batch(together)
            keys = line_keys(batch)
            of = np.array(rows[done : done + len(together)], np.int32)
            site = np.array([_site(sites[row], source) for row in of.tolist()], np.uint64)
            page = page_values(keys, first_values(shingle_all(batch.words, PAGE_WORDS)))
            columns = {
                "hash": keys.hash,
                "next": keys.next,
                "site": site[keys.document],
                "page": page[keys.document],
                "row": of[keys.document],
                "index": keys.index,
                "words": keys.words,
            }
            tables.append(pa.table(columns, schema=LINES))
            done += len(together)
    lines = pa.concat_tables(tables)
    write_keys(
        out / "lines.parquet", lines.take(np.lexsort([lines[name].to_numpy() for name in ("index", "row", "hash")]))
    )
    pages = lines.select(PAGES.names).group_by(PAGES.names).aggregate([]).select(PAGES.names)
    write_sorted(out / "pages.parquet", pages.cast(PAGES))
    return {}


def run_site_pages(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Count the pages of the sites of one bucket; counts the `sites`."""
    tables = [table for _, table in read_bucket(context.paths(task, "pages"), "site", Bucket.of(task.params).bounds)]
    table = pa.concat_tables([PAGES.empty_table(), *tables])
    found = site_pages(hashes(table, "site"), hashes(table, "page"))
    content = {"site": found.site, "pages": found.pages, "longest": found.longest}
    write_keys(out / "sites.parquet", pa.table(content, schema=SITES))
    return {"sites": len(found.site)}


def run_site_lines(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Find the lines of one bucket that their sites repeat; counts how often they stand anywhere as `frequent`."""
    lines, doc = _read_lines(task, context)
    sites = pa.concat_tables([pq.read_table(path, use_threads=False) for path in context.paths(task, "sites")])
    of_lines = Lines(
        hashes(lines, "hash"),
        hashes(lines, "next"),
        hashes(lines, "site"),
        hashes(lines, "page"),
        doc,
        lines["index"].to_numpy(),
    )
    # Buckets of sites follow one another, so the sites are sorted.
    pages = SitePages(hashes(sites, "site"), ints(sites, "pages"), sites["longest"].to_numpy())
    found = frequent(of_lines, pages, SiteLines.model_validate(task.params["site_lines"]))
    content = {"doc": found.doc, "index": found.index, "level": found.level}
    write_keys(out / "frequent.parquet", pa.table(content, schema=FREQUENT))
    return {"frequent": len(found.doc)}


def run_paragraphs(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Find the paragraphs of one bucket that an earlier document has, of documents that stay; counts the `repeated`."""
    numbering = Numbering.of(task.params["rows"])
    gone = numbering.marks(context.paths(task, "gone"))
    seen = FirstLines(task.params["min_words"])
    found = [REPEATED.empty_table()]
    for part, table in read_bucket(context.paths(task, "lines"), "hash", Bucket.of(task.params).bounds):
        doc = numbering.numbers(part, ints(table, "row"))
        there = np.flatnonzero(~gone[doc])
        table = table.take(there)
        repeats = seen.take(hashes(table, "hash"), doc[there], table["index"].to_numpy(), table["words"].to_numpy())
        found.append(pa.table({"doc": repeats.doc, "index": repeats.index}, schema=REPEATED))
    repeated = pa.concat_tables(found)
    write_keys(out / "repeated.parquet", repeated)
    return {"repeated": len(repeated)}


def _read_lines(task: Task, context: Context) -> tuple[pa.Table, Ints]:
    """The lines of a bucket, and the numbers of the documents that they are of."""
    numbering = Numbering.of(task.params["rows"])
    tables, docs = [LINES.empty_table()], [np.zeros(0, np.int64)]
    for part, table in read_bucket(context.paths(task, "lines"), "hash", Bucket.of(task.params).bounds):
        tables.append(table)
        docs.append(numbering.numbers(part, ints(table, "row")))
    return pa.concat_tables(tables), np.concatenate(docs)


def _site(site: str | None, source: str) -> int:
    """A number for a site, or for a source whose documents have none."""
    return xxhash.xxh3_64_intdigest((f"site {site}" if site else f"source {source}").encode())
