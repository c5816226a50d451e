"""The week of a unit in a few sentences: on a page, where supervisors begin, and as e-mail where SMTP is set up."""

from __future__ import annotations

from flask import Flask


def init(app: Flask) -> None:
    """Register the page."""
    from webapp.summary import routes

    app.register_blueprint(routes.bp)
    app.extensions["summary_trouble"] = routes.trouble  # a line where supervisors begin
