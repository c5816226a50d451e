"""Flask-HTMX: whether htmx asks, and from which page."""

from __future__ import annotations

from flask_htmx import HTMX

htmx = HTMX()
