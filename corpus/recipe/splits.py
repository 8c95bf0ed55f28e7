"""Splits in a recipe: how much goes into each, and what decides."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from corpus.recipe.part import Part

Amount = Annotated[float, Field(ge=0, lt=1)] | Annotated[int, Field(ge=1)] | date


class Splits(Part):
    """Which documents go into the splits `validation` and `test`; all others are `train`.

    Near copies of one another are always in one split, and a document that an earlier version has in `validation` or
    `test` stays there.
    """

    by: Literal["document", "site", "time"] = Field(
        default="document",
        description="What is put into a split as a whole: a document, a site with all its pages, or a span of time.",
    )
    validation: Amount = Field(
        default=0.0,
        description="A share below 1 such as 0.01, a number of documents such as 2000, or, by time, the first day.",
    )
    test: Amount = Field(default=0.0, description="The same for the split `test`; by time, days from here on.")

    @field_validator("validation", "test", mode="before")
    @classmethod
    def _amount(cls, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float | date | str):
            raise ValueError(f"{value!r} is neither a share below 1, nor a number of documents, nor a day")
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                raise ValueError(f"'{value}' is no day such as 2026-01-31") from None
        if value < 0 if isinstance(value, int) else isinstance(value, float) and not 0 <= value < 1:
            raise ValueError(f"{value} is neither a share below 1 nor a number of documents")
        return 0.0 if value == 0 else value

    @model_validator(mode="after")
    def _make_sense(self) -> Self:
        amounts = {name: amount for name, amount in (("validation", self.validation), ("test", self.test)) if amount}
        for name, amount in amounts.items():
            if (self.by == "time") != isinstance(amount, date):
                wanted = "the first day" if self.by == "time" else "a share or a number of documents"
                raise ValueError(f"by {self.by}, {name} is {wanted}, not {amount}")
        if sum(amount for amount in amounts.values() if isinstance(amount, float)) >= 1:
            raise ValueError("validation and test together leave nothing for train")
        if isinstance(self.validation, date) and isinstance(self.test, date) and self.validation >= self.test:
            raise ValueError(f"validation begins on {self.validation}, test on {self.test}; test has to be later")
        return self

    @property
    def any(self) -> bool:
        """Whether there is any split but `train`."""
        return bool(self.validation or self.test)
