"""Measures: what the checks say about practice over time."""

from __future__ import annotations

from flask import Flask


def init(app: Flask) -> None:
    """Register the pages."""
    from webapp.measures import import_routes, point_routes, routes

    app.register_blueprint(routes.bp)
    app.register_blueprint(point_routes.bp)
    app.register_blueprint(import_routes.bp)
