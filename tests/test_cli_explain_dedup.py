"""`corpus explain --dedup`: how likely near copies are found with a recipe's parameters."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import run, run_json, small_corpus


def test_curve_of_the_defaults() -> None:
    result = run("explain", "--dedup")
    assert result.exit_code == 0
    assert "18 bands of 7 MinHash values" in result.stdout
    [threshold] = [line for line in result.stdout.splitlines() if "threshold" in line]
    assert threshold.split()[:2] == ["0.8", "98.55%"]


def test_curve_of_a_recipe(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path, dedup={"near": {"bands": 2, "rows": 3, "threshold": 0.72}})
    found = {p["similarity"]: p["probability"] for p in run_json("explain", "--dedup", "--recipe", raw)["found"]}
    assert found[0.5] == pytest.approx(1 - (1 - 0.5**3) ** 2)
    assert found[0.72] == pytest.approx(1 - (1 - 0.72**3) ** 2, abs=1e-6)


def test_a_recipe_that_leaves_near_copies_alone_has_none(tmp_path: Path) -> None:
    result = run("explain", "--dedup", "--recipe", small_corpus(tmp_path, dedup={"near": None}))
    assert (result.exit_code, "left alone" in result.stdout) == (0, True)


@pytest.mark.parametrize("arguments", [[], ["--dedup", "page.txt"], ["--dedup", "--rule", "x"]])
def test_what_makes_no_sense_is_wrong_usage(arguments: list[str]) -> None:
    assert run("explain", *arguments).exit_code == 2
