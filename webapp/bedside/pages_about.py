"""A package explained to a nurse, and this device. Twin: sw/pages/about.js."""

from __future__ import annotations

from webapp.bedside.pages_frame import Page, World, frame, missing
from webapp.bedside.says import Translate, text
from webapp.bundles import Registry
from webapp.bundles.rules import parameters


def about_page(world: World, t: Translate, registry: Registry, bundle_id: str) -> Page:
    from webapp.bundles.explain import explain, numbered

    version = world["active"].get(bundle_id)
    if version is None:
        return missing(world, t)
    bundle = registry.bundle(bundle_id, version)
    lang = world["me"]["lang"]
    context = frame(world, t, "", t("Om sjekken"))
    context.update({
        "about_title": text(bundle.title, lang), "intro": text(bundle.intro, lang),
        "version_text": t("Versjon %(version)s. Bygger på %(guidance)s.", version=version,
                          guidance=bundle.guidance_version),
        "sections": numbered(explain(bundle, lang), parameters(bundle.forms[0], world["params"])),
    })
    return Page("bedside/about.html", context)
