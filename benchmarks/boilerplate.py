"""Line scores of the cleaner on labelled pages, cross-validated by site: `python -m benchmarks.boilerplate GOLD...`.

For each fold a line model is fitted on the pages of other sites, with `benchmarks/training_pages`, and `corpus clean`
runs over the pages of the fold with it. `--scorer FILE` also runs another program over the cleaned files, as
`FILE GOLD OUT`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from corpus.clean import Cleaned
from corpus.labelled.pages import LabelledPage, read_pages
from corpus.labelled.score import PageScore, score, score_page
from corpus.labelled.train import folds_by_site, train

WRITTEN = Path(__file__).parent / "training_pages"
GROUPS: dict[str, Callable[[LabelledPage], bool]] = {
    "hand": lambda page: page.set == "hand",
    "Vietnamese": lambda page: page.language == "vi",
    "auto": lambda page: page.set == "auto",
    "all": lambda _: True,
}


def main() -> None:
    """Fit, clean, score, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("gold", nargs="+", type=Path, help="folders of labelled pages; all are learnt from and scored")
    options.add_argument("--folds", type=int, default=5)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--scorer", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(given.gold, given.folds, given.seed, given.scorer, Path(folder))


def run(folders: Sequence[Path], folds: int, seed: int, scorer: Path | None, work: Path) -> None:
    """Fit, clean and score in a working folder."""
    pages = {folder: read_pages([folder]) for folder in folders}
    everything = [page for group in pages.values() for page in group]
    written = read_pages([WRITTEN])
    fold_of = folds_by_site(everything, folds)
    for fold in range(folds):
        learnt = [page for page in everything if fold_of[page.site] != fold]
        model = train([*learnt, *written], name="line_model_v1", seed=seed)
        (work / f"{fold}.json").write_text(model.to_json(), encoding="utf-8")
        (work / f"{fold}.yaml").write_text(f"clean: {{model: {fold}.json}}\n", encoding="utf-8")
        for folder, group in pages.items():
            files = [folder / f"{page.id}.txt" for page in group if fold_of[page.site] == fold]
            clean(files, work / "out" / folder.name, work / f"{fold}.yaml")
        print(f"fold {fold + 1} of {folds} cleaned", file=sys.stderr)
    for folder, group in pages.items():
        out = work / "out" / folder.name
        scores = [score_file(page, out / f"{page.id}.txt") for page in group]
        for name, chosen in GROUPS.items():
            total = score(one for one in scores if chosen(one.page))
            if total.pages:
                shares = f"P {total.precision:.3f}  R {total.recall:.3f}  F1 {total.f1:.3f}"
                print(
                    f"{folder.name:<14}{name:<12}{total.pages:>4}  {shares}  harmed {total.harmed} of {total.with_text}"
                )
        if scorer is not None:
            subprocess.run([sys.executable, scorer, folder, out], check=True)


def clean(files: Sequence[Path], out: Path, recipe: Path) -> None:
    """Run the command on some files."""
    paths = [str(file) for file in files]
    command = [sys.executable, "-m", "corpus", "clean", *paths, "-o", str(out), "--recipe", str(recipe), "-q"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def score_file(page: LabelledPage, cleaned: Path) -> PageScore:
    """Score what the command wrote for a page."""
    text = cleaned.read_text(encoding="utf-8")
    return score_page(page, Cleaned(text, None, None, None, None, None, "und", 0.0, ()))


if __name__ == "__main__":
    main()
