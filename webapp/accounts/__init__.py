"""Who may log in and who may see what."""

from __future__ import annotations

from flask import Flask


def init(app: Flask) -> None:
    """Register routes and Flask-Login."""
    from webapp.accounts import oidc_routes, passkey_routes, password_routes, second_routes, session_routes, staff_routes
    from webapp.accounts.oidc_provider import Provider
    from webapp.accounts.routes import bp, login_manager

    login_manager.init_app(app)
    app.register_blueprint(bp)
    app.register_blueprint(oidc_routes.bp)
    app.register_blueprint(passkey_routes.bp)
    for part in (session_routes, password_routes, second_routes, staff_routes):
        app.register_blueprint(part.bp)
    if app.config["OIDC"]:
        app.extensions["oidc"] = Provider(app.config["OIDC"])
