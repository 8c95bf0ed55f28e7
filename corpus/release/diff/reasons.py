"""Why a document is in one of two releases only, or is another: the few words that manifests keep."""

from __future__ import annotations

from corpus.clean.cleaned import EMPTY, PRIVACY, QUALITY
from corpus.dedup.exact import EXACT, NEAR, SAME_URL
from corpus.release.reasons import CONTAMINATED, STAGE_OF, WITHDRAWN

NEW_IN_SOURCES = "new_in_sources"
"""Added: the release before has read no such document."""
NOT_IN_SOURCES = "not_in_sources"
"""Removed: the later release has read no such document."""
QUARANTINED = "quarantined"
"""Removed: its raw record cannot be read any more."""
WAS = "was_"
"""Added: before the reason for which the release before left it out, as in `was_near_duplicate`."""

CHANGED_IN_SOURCE = "changed_in_source"
"""Changed: its raw record is another."""
CLEANED_OTHERWISE = "cleaned_otherwise"
"""Changed: the same raw record came out in another way."""
SPLIT = "split"
"""Changed: it moved to another split and is the same otherwise."""
DUPLICATES = "duplicates"
"""Changed: only the number of copies merged into it is another."""

_STAGES = STAGE_OF | {
    NEW_IN_SOURCES: "read",
    NOT_IN_SOURCES: "read",
    QUARANTINED: "read",
    CHANGED_IN_SOURCE: "read",
    CLEANED_OTHERWISE: "clean",
    SPLIT: "split",
    DUPLICATES: "deduplicate",
}

LEDGER_ORDER = (WITHDRAWN, NEAR, EXACT, CONTAMINATED, PRIVACY, QUALITY, EMPTY, SAME_URL)
"""Which reason counts where a ledger has several records of one id: what came last to the version that stayed longest;
`same_url` only says that another record of this id went further."""


def stage_of(reason: str) -> str:
    """The stage that a reason comes from; `other` for one that this version of the program does not know."""
    return _STAGES.get(reason.removeprefix(WAS), "other")
