"""What a supervisor does with what was found: follow up, see history, decide about refused records."""

from __future__ import annotations

from flask import Flask


def init(app: Flask) -> None:
    """Register the supervisor's pages."""
    from webapp.review import code_routes, fleet_routes, refused_routes, rescue, routes  # noqa: F401

    app.register_blueprint(routes.bp)
    app.register_blueprint(rescue.bp)
    app.register_blueprint(code_routes.bp)
    app.register_blueprint(fleet_routes.bp)
