"""Who looked at whom: the access log for the journal-responsible, its printout, unusual look-ups, and look-ups across units."""

from __future__ import annotations

from flask import Flask


def init(app: Flask) -> None:
    """Register the pages."""
    from webapp.audit import decision_routes, lookup_routes, routes, unusual_routes  # noqa: F401

    app.register_blueprint(routes.bp)
    app.register_blueprint(lookup_routes.bp)
