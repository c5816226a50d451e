"""What a tablet needs: compiled templates, rules and the shell."""

from __future__ import annotations

from flask import Flask


def init(app: Flask) -> None:
    """Use the strict template options, compile everything now (a mistake stops the start), and serve it."""
    from webapp.device import enrol_page
    from webapp.device.routes import bp
    from webapp.device.shell import build
    from webapp.device.templates import configure

    configure(app.jinja_env)
    build(app.config["BUNDLE_DIRS"])
    app.register_blueprint(bp)
    app.register_blueprint(enrol_page.bp)
