"""TryggRunde: patient-safety checks in home care, recorded offline at the bedside and followed up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

__version__ = "0.1.0"


def create_app(overrides: dict[str, Any] | None = None) -> Flask:
    """The Flask app. `overrides` win over the environment; tests give DATABASE_URL, DATA_DIR and TESTING."""
    from flask import Flask  # all of it here: a command that has only a sentence to say does not wait for two seconds of imports

    from webapp import config, db, errors, security
    from webapp.htmx import htmx

    app = Flask(__name__, static_folder=None, template_folder="../templates")
    app.config.from_mapping(config.settings(overrides or {}))
    db.init(app)
    htmx.init_app(app)
    security.init(app)
    errors.init(app)
    _blueprints(app)
    return app


def _blueprints(app: Flask) -> None:
    from webapp import accounts, audit, bedside, device, health, improvement, leadership, measures, network, review, summary, sync, yearly

    for part in (health, accounts, device, bedside, sync, review, measures, improvement, leadership, network, summary, yearly, audit):
        if hasattr(part, "init"):
            part.init(app)
