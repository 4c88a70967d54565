# SPDX-License-Identifier: BSD-2-Clause
"""Folders and files that appear whole or not at all."""

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: Path):
    """Gives the path of a file beside ``path`` to write; it takes its place when the block ends without an exception."""
    partial = path.with_suffix(".part")
    yield partial
    partial.replace(path)


@contextmanager
def whole_folder(out: Path, overwrite: bool):
    """Gives a folder beside ``out`` to write in; it takes the place of ``out`` when the block ends without an exception.

    Overwriting, it starts with what ``out`` holds, so that files that are not written again stay.
    Raises ValueError, before anything is written, where ``out`` exists and may not be overwritten.
    """
    out = Path(out).resolve()
    if out.exists() and not overwrite:
        raise ValueError(f"{out} exists; --overwrite replaces the model in it")
    if out.exists() and not (out.is_dir() and ((out / "sumi.json").exists() or not any(out.iterdir()))):
        raise ValueError(f"{out} holds no sumi.json; only a model folder or an empty one is overwritten")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as temporary:
        new, old = Path(temporary) / "new", Path(temporary) / "old"
        if out.exists():
            shutil.copytree(out, new, symlinks=True)
        else:
            new.mkdir()
        yield new
        if out.exists():
            out.rename(old)
        try:
            new.rename(out)
        except OSError:
            if old.exists():
                old.rename(out)
            raise
