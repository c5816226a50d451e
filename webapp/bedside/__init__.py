"""The bedside: the nurse's pages, for an office PC here and for the device in sw/pages."""

from __future__ import annotations

from flask import Flask


def init(app: Flask) -> None:
    """Register the bedside routes."""
    from webapp.bedside.routes import bp

    app.register_blueprint(bp)
