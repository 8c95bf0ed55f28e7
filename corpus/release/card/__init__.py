"""The card: README.md of a release. Every number in it comes from the manifest, its words from there and the user.

`own` reads what the user wrote in `card.md`, `header` makes the YAML block, `body` puts the sections together.
"""

from __future__ import annotations

import yaml

from corpus.errors import BuildError
from corpus.release.card.body import body
from corpus.release.card.header import card_data, features_of, features_of_schema, read_card_data
from corpus.release.card.own import OWN_CARD_NAME, OwnCard, find_own_card, read_own_card
from corpus.release.card.rights import bibtex
from corpus.release.hub_rules import check_card
from corpus.release.manifest import Manifest

__all__ = [
    "CARD_NAME",
    "OWN_CARD_NAME",
    "OwnCard",
    "bibtex",
    "card_data",
    "features_of",
    "features_of_schema",
    "find_own_card",
    "read_card_data",
    "read_own_card",
    "write_card",
]

CARD_NAME = "README.md"


def write_card(manifest: Manifest, own: str | None = None) -> str:
    """The card of a release as Markdown with the YAML block that the Hub and `datasets` read.

    Args:
        manifest: Complete but for the entry of the card itself.
        own: Text of the user's `card.md`; `read_own_card` says what may be in it.

    Raises:
        RecipeError: the user's text has a YAML block that cannot be used.
        BuildError: the YAML block breaks a rule of the Hub, which is a defect.
    """
    mine = read_own_card(own or "", manifest.license)
    data = card_data(manifest, mine)
    if broken := check_card(data):
        raise BuildError(f"{CARD_NAME}: the Hub would not take its YAML block: {broken[0]}; this is a defect")
    header = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=1000)
    return f"---\n{header}---\n\n" + "\n".join(body(manifest, mine)) + "\n"
