"""What a leader does on fixed days: the board, the green cross, the walk-round."""

from __future__ import annotations

from flask import Flask


def init(app: Flask) -> None:
    """Register the pages."""
    from webapp.leadership import link_routes, measured, routes
    from webapp.measures.recorded import sources

    if measured.SOURCE not in sources:  # an app may be made twice in one process
        sources.append(measured.SOURCE)
    app.register_blueprint(routes.bp)
    app.register_blueprint(link_routes.bp)
