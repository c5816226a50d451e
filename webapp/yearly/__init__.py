"""The yearly review of a unit's quality work: what the data says, and what its leader writes about it."""

from __future__ import annotations

from flask import Flask


def init(app: Flask) -> None:
    """Register the pages."""
    from webapp.yearly import routes

    app.register_blueprint(routes.bp)
