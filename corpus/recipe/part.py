"""What all parts of a recipe have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]


class Part(BaseModel):
    """A mapping of the recipe: unknown fields are mistakes, and nothing is converted in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
