"""Gunicorn with settings of its own: threads, no access log (paths name people by reference), a clear word when the port is taken."""

from __future__ import annotations

import gc
import os
import socket
import sys
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.http import wsgi

from webapp.config import ConfigProblem, ensure_log_in


class Answer(wsgi.Response):
    """Without the server's name, and without what HTTP/1.1 takes for granted: a first load has some sixty heads."""

    def default_headers(self) -> list[str]:
        """The first lines of a head."""
        unsaid = ("Server:", "Connection: keep-alive") if self.req.version >= (1, 1) else ("Server:",)
        return [line for line in super().default_headers() if not line.startswith(unsaid)]


wsgi.Response = Answer  # gunicorn has no setting for it


class Server(BaseApplication):
    """Gunicorn around create_app()."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The app, made once: each worker is a copy of this process, and one that died is there again at once. What has been made
        by then lives as long as they do: nothing looks for rubbish among it."""
        from webapp import create_app

        app = create_app()
        with app.app_context():
            warm()
        app.extensions["engine"].dispose()  # a connection is never two processes'
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        return app


def warm() -> None:
    """Make what every request needs before the first one comes."""
    from webapp.sync.world import bundles

    bundles()


def run(settings: dict[str, Any], **tls: str) -> int:
    """Serve until stopped. Raises ConfigProblem when the port is taken or nobody has said how people log in."""
    host, port = settings["HOST"], settings["PORT"]
    ensure_free(host, port)
    ensure_log_in(settings)
    Server(
        {
            "bind": f"{host}:{port}",
            "workers": int(os.environ.get("WEB_WORKERS") or min(2, os.cpu_count() or 1)),  # SQLite too: one opens while another writes
            "threads": 8,
            "worker_class": "gthread",
            "accesslog": None,
            "loglevel": os.environ.get("LOG_LEVEL", "warning"),
            "graceful_timeout": 10,
            "timeout": 60,
            "preload_app": True,
            "control_socket_disable": True,
            **tls,
        }
    ).run()
    return 0


def ensure_free(host: str, port: int) -> None:
    """A sentence instead of a traceback when somebody else has the port."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror as wrong:
            raise ConfigProblem(f"HOST is {host!r}, and this machine has no such address ({wrong.strerror}).") from wrong
        except OSError as wrong:
            raise ConfigProblem(
                f"Port {port} on {host} cannot be used ({wrong.strerror}). Stop what uses it, or choose another: PORT=8001 make run"
            ) from wrong
    sys.stdout.flush()
