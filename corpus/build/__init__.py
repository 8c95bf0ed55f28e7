"""The stage graph, task keys and cache, and the runners that execute tasks.

What a stage does to text lives in `clean` and `dedup`; how a release looks lives in `release`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from corpus._callable import make_callable

if TYPE_CHECKING:
    from corpus.recipe import Recipe
    from corpus.release.loading import Release

__all__ = ["build"]


def build(
    recipe: str | Path | Recipe,
    *,
    dist: str | Path = "dist",
    root: str | Path | None = None,
    workers: int | None = None,
    memory: str | None = None,
    parent: str | Path | Release | None = None,
) -> Release:
    """Build a release from a recipe.

    Args:
        recipe: A recipe, a recipe file, or a folder that holds `corpus.yaml`.
        dist: Folder of all releases.
        root: Folder that the paths of the recipe are relative to, and that holds the cache; the recipe's own
            folder by default, the working directory for a `Recipe` object.
        workers: Processes that work at once; all processors by default.
        memory: Limit of all processes together, such as `2GB` or `50%` of what the machine or its container has;
            half of it by default. Fewer workers run where it is tight; no result depends on it.
        parent: The version before, where it is not in `dist`: a release, or its name as `corpus.load` takes it.

    Raises:
        CorpusError: the recipe is wrong, too much of the input cannot be read, or the release cannot be written.
    """
    from corpus.build.cache import cache_folder
    from corpus.build.pipeline import build_release
    from corpus.build.progress import Progress
    from corpus.build.runners import LocalRunner
    from corpus.hub import open_release
    from corpus.recipe import find_recipe, load_recipe
    from corpus.release.loading import Release

    if isinstance(recipe, str | Path):
        path = find_recipe(Path(recipe))
        recipe, root = load_recipe(path), root or path.parent
    folder = Path(root or ".")
    before = open_release(parent) if isinstance(parent, str | Path) else parent
    with LocalRunner(workers, memory) as runner:
        report = build_release(
            recipe,
            root=folder,
            cache=cache_folder(folder),
            dist=Path(dist),
            runner=runner,
            progress=Progress(),
            parent=before,
        )
    return Release.open(report.path)


make_callable(__name__, build)
