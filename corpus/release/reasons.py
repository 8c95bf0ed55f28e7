"""Why documents are not in a release, and which stage takes them out."""

from __future__ import annotations

from corpus.clean.cleaned import EMPTY, PRIVACY, QUALITY
from corpus.dedup.exact import EXACT, NEAR, SAME_URL

CONTAMINATED, WITHDRAWN = "contaminated", "withdrawn"

STAGE_OF = {
    EMPTY: "clean",
    QUALITY: "clean",
    PRIVACY: "clean",
    CONTAMINATED: "decontaminate",
    SAME_URL: "deduplicate",
    EXACT: "deduplicate",
    NEAR: "deduplicate",
    WITHDRAWN: "withdraw",
}
"""Stage by reason, in the order of the stages. What cannot be read is quarantined by `read`."""
