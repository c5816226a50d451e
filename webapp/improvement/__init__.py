"""Improvement work by Forbedringsmodellen: aims, change ideas and PDSA cycles, kept as versions."""

from __future__ import annotations

from flask import Flask


def init(app: Flask) -> None:
    """Register the pages."""
    from webapp.improvement import marks, routes
    from webapp.measures.marks import sources

    if marks.of_unit not in sources:  # an app may be made twice in one process
        sources.append(marks.of_unit)
    app.register_blueprint(routes.bp)
