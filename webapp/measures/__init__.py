"""Measures: what the checks say about practice over time."""

from __future__ import annotations

from flask import Flask


def init(app: Flask) -> None:
    """Register the pages."""
    from webapp.measures import api_routes, bedside, import_routes, point_routes, report_routes, routes

    app.register_blueprint(routes.bp)
    app.register_blueprint(point_routes.bp)
    app.register_blueprint(import_routes.bp)
    app.register_blueprint(api_routes.bp)
    app.register_blueprint(report_routes.bp)
    app.extensions["bedside"] = bedside.told  # what is made from measures for tablets: sync imports no measures
