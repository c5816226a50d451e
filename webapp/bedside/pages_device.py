"""This device: for an office PC, what it is not and how to enrol it. Twin: sw/pages/device.js."""

from __future__ import annotations

from webapp.bedside.pages_frame import Page, World, frame
from webapp.bedside.says import Translate, pair


def device_page(world: World, t: Translate) -> Page:
    context = frame(world, t, "", t("Denne enheten"))
    context.update({
        "device_title": t("Denne enheten"), "device_name": t("Kontor-PC"),
        "rows": [
            pair(t("Tatt i bruk uten nett"), t("Nei. Her virker TryggRunde bare med nett.")),
            pair(t("Lagring"), t("Rett på serveren. Ingenting blir liggende her.")),
        ],
        "login_text": "",
    })
    return Page("bedside/device.html", context)
