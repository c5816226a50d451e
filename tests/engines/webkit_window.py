"""A browser of one window on a profile folder, for WebKitGTK: its MiniBrowser forgets everything when automated.

Run by Debian's own Python, which has the bindings; started by WebKitWebDriver with `--profile=FOLDER`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # type: ignore[import-not-found]  # noqa: E402

PROFILE = next(Path(one.partition("=")[2]) for one in sys.argv if one.startswith("--profile="))
NAME, WIDTH, HEIGHT = "TryggRunde", 500, 1200

os.setsid()  # so that a test can end it and its helpers at once
(PROFILE / "pid").write_text(str(os.getpid()))
manager = WebKit2.WebsiteDataManager(base_data_directory=str(PROFILE / "data"), base_cache_directory=str(PROFILE / "cache"))
context = WebKit2.WebContext.new_with_website_data_manager(manager)
context.set_automation_allowed(True)


def window(_session: Any) -> Any:
    """The one window, its size the viewport's."""
    view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True)
    shown = Gtk.Window(default_width=WIDTH, default_height=HEIGHT)
    shown.add(view)
    shown.show_all()
    return view


def started(_context: Any, session: Any) -> None:
    info = WebKit2.ApplicationInfo()
    info.set_name(NAME)
    info.set_version(WebKit2.get_major_version(), WebKit2.get_minor_version(), 0)
    session.set_application_info(info)
    session.connect("create-web-view", window)


context.connect("automation-started", started)
Gtk.main()
