"""Measures: what the checks say about practice over time."""

from __future__ import annotations

from flask import Flask


def init(app: Flask) -> None:
    """Register the pages."""
    from webapp.measures import routes

    app.register_blueprint(routes.bp)
