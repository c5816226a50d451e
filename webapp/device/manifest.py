"""The web app manifest: name, icons, screenshots, shortcuts."""

from __future__ import annotations

import json
from typing import Any

SHORTCUTS = (("Min runde", "/round", "round"), ("Ny hendelse", "/round/event", "event"), ("Sendt og ikke sendt", "/round/sent", "sent"))


def manifest() -> str:
    """JSON. No name of anybody, no health data."""
    body: dict[str, Any] = {
        "id": "/round", "name": "TryggRunde", "short_name": "TryggRunde", "start_url": "/round", "scope": "/", "display": "standalone",
        "orientation": "any", "lang": "nb", "dir": "ltr", "background_color": "#ffffff", "theme_color": "#ffffff",
        "description": "Sjekker for pasientsikkerhet i hjemmetjenesten, også uten nett.", "categories": ["medical", "productivity"],
        "icons": [
            {"src": f"/static/icons/{name}-{size}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for name, purpose in (("icon", "any"), ("maskable", "maskable")) for size in (192, 512)
        ],
        "screenshots": [
            {"src": f"/static/icons/screenshot-{name}.png", "sizes": size, "type": "image/png", "form_factor": name, "label": "Min runde"}
            for name, size in (("narrow", "780x1688"), ("wide", "1440x900"))
        ],
        "shortcuts": [
            {"name": name, "url": url, "icons": [{"src": "/static/icons/icon-192.png", "sizes": "192x192", "type": "image/png"}]}
            for name, url, _ in SHORTCUTS
        ],
    }
    return json.dumps(body, ensure_ascii=False)
