"""Who asks, and what of a Hub is theirs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """The owner of a token."""

    name: str
    organisations: tuple[str, ...] = ()
    may_write: bool = True
    """Whether the token is one to write with; the account itself may belong to an organisation all the same."""

    def belongs_to(self, namespace: str) -> bool:
        return namespace == self.name or namespace in self.organisations
