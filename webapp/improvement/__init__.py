"""Improvement work by Forbedringsmodellen: aims, change ideas and PDSA cycles, kept as versions."""

from __future__ import annotations

from flask import Flask


def init(app: Flask) -> None:
    """Register the pages."""
    from webapp.improvement import routes

    app.register_blueprint(routes.bp)
