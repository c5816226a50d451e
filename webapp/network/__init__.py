"""Learning networks: units that follow the same measures and learn from each other, by aggregates only."""

from __future__ import annotations

from flask import Flask


def init(app: Flask) -> None:
    """Register the pages."""
    from webapp.network import routes

    app.register_blueprint(routes.bp)
