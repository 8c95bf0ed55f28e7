"""Licences by the identifiers that the Hub knows."""

from __future__ import annotations

import difflib
import re
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("data") / "licenses.tsv"


@cache
def licenses() -> dict[str, str | None]:
    """The SPDX identifier of each licence that the Hub knows; None where it names a family or has none."""
    rows = (line.split("\t") for line in _FILE.read_text(encoding="utf-8").splitlines()[1:])
    return {identifier: spdx or None for identifier, spdx in rows}


def license_url(identifier: str) -> str | None:
    """Where the text of a licence stands, if SPDX has it."""
    spdx = licenses().get(identifier)
    return f"https://spdx.org/licenses/{spdx}.html" if spdx else None


def nearest_licenses(word: str) -> str:
    """Advice for somebody who wrote an identifier that the Hub does not know, as the end of a sentence."""
    written = word.strip().lower()
    said = [identifier for identifier in re.findall(r"[\w.-]+", written) if identifier in licenses()]
    spelled, alike = (
        difflib.get_close_matches(written.replace(" ", "-"), licenses(), n=3, cutoff=cutoff) for cutoff in (0.8, 0.5)
    )
    close = list(dict.fromkeys([*spelled, *said, *alike]))[:3]
    named = f"did you mean {' or '.join(close)}?" if close else "such as cc-by-4.0, odc-by or apache-2.0;"
    return f"{named} 'other' stands for any other"
