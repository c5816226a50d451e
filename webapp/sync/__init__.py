"""What travels between devices and server: keys, envelopes, intake, the feed and snapshots."""

from flask import Flask


def init(app: Flask) -> None:
    """Register the routes."""
    from webapp.sync import device_routes, photo_routes, routes

    app.register_blueprint(routes.bp)
    app.register_blueprint(device_routes.bp)
    app.register_blueprint(photo_routes.bp)
