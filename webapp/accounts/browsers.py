"""What a browser calls itself, in two words that its owner knows again."""

from __future__ import annotations

BROWSERS = (  # the first that fits: most call themselves Chrome and Safari too
    ("Edg", "Edge"), ("SamsungBrowser/", "Samsung Internet"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
    ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def named(user_agent: str) -> str:
    """`Firefox, Windows`; only our own words come out, and none for what is not known."""
    found = [next((word for mark, word in words if mark in user_agent), "") for words in (BROWSERS, SYSTEMS)]
    return ", ".join(word for word in found if word)
