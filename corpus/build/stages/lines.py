"""Lines that stand in many documents.

`lines`: documents of one part -> `lines`, with the pages of each site. `site_lines`: lines of one bucket -> `frequent`.
`paragraphs`: lines of one bucket -> `repeated`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import xxhash

from corpus._tables import row_groups, write_keys, write_sorted
from corpus.build.schemas import FREQUENT, LINES, REPEATED, SITE_PAGES
from corpus.build.stages._parts import documents_of
from corpus.build.task import Context, Json, Task
from corpus.clean.quality.words import read_batch
from corpus.dedup.buckets import Bucket, Hashes, Ints, Numbering, hashes, ints, read_bucket
from corpus.dedup.lines import line_keys
from corpus.dedup.paragraphs import Seen
from corpus.dedup.reading import GROUP_CHARS, groups_of
from corpus.dedup.site_lines import Lines, SitePages, frequent, site_pages
from corpus.dedup.sketch import first_values, shingle_all
from corpus.recipe import SiteLines

PAGE_WORDS = 5
"""The n-grams of which the smallest one marks a page."""
