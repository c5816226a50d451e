"""What a leader does on fixed days: the board, the green cross, the walk-round, the week's summary."""

from __future__ import annotations

from flask import Flask


def init(app: Flask) -> None:
    """Register the pages."""
