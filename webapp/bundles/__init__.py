"""Bundles: clinical content as data, and the pure engine that reads it. No Flask and no database here."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from webapp.bundles.bundle import Registry, load_registry
from webapp.bundles.kinds import BundleError

__all__ = ["BundleError", "Registry", "registry"]


def registry(folders: Iterable[Path | str] = ()) -> Registry:
    """The bundles of this process, loaded once per set of extra folders."""
    return _loaded(tuple(str(folder) for folder in folders))


@lru_cache(maxsize=16)
def _loaded(folders: tuple[str, ...]) -> Registry:
    return load_registry(folders)
