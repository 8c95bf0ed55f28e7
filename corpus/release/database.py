"""A DuckDB database in a folder that goes when the work is done, so that memory has a limit and nothing is left."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from corpus.errors import BuildError, ReleaseError

MEMORY = 500_000_000
"""Bytes that DuckDB may take; a process takes some 300 MB beside it."""


@contextmanager
def database(
    memory: int = MEMORY, folder: Path | None = None, work: str = "the comparison"
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database for one piece of work.

    Args:
        memory: Bytes that DuckDB may take; what needs more goes to the disk.
        folder: Where its own folder is made; the system's folder for temporary files by default.
        work: What it is for, as errors say it.

    Raises:
        BuildError: the memory or the disk was not enough.
        ReleaseError: a table is not what the manifest says of it.
    """
    own = Path(tempfile.mkdtemp(prefix="corpus-", dir=folder))
    try:
        with duckdb.connect(str(own / "rows.db")) as connection:
            connection.execute(f"SET memory_limit = '{memory // 1_000_000}MB'")
            connection.execute(f"SET temp_directory = {quoted(own / 'spilled')}")
            connection.execute("SET preserve_insertion_order = false")
            connection.execute("SET enable_progress_bar = false")
            yield connection
    except (duckdb.OutOfMemoryException, duckdb.IOException, duckdb.FatalException) as error:
        first = str(error).splitlines()[0]
        raise BuildError(f"{work} stopped: {first}") from None
    except (duckdb.BinderException, duckdb.ConversionException, duckdb.InvalidInputException) as error:
        first = str(error).splitlines()[0]
        raise ReleaseError(f"not the tables of a release: {first}; `corpus verify` says what is wrong") from None
    except (duckdb.InterruptException, RuntimeError) as error:
        # This is how DuckDB tells of Ctrl-C in the middle of a query.
        if "interrupted" in str(error).lower():
            raise KeyboardInterrupt from None
        raise
    finally:
        shutil.rmtree(own, ignore_errors=True)


def quoted(value: str | Path) -> str:
    """A value as a string of SQL."""
    return "'" + str(value).replace("'", "''") + "'"


def name_of(column: str) -> str:
    """A column as a name of SQL."""
    return '"' + column.replace('"', '""') + '"'


def table_of(paths: list[str]) -> str:
    """Parquet files as a table of SQL."""
    return f"read_parquet([{', '.join(map(quoted, paths))}])"
