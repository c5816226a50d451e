/** This device: how it is, what it holds, who is logged in. Twin: webapp/bedside/pages_device.py. */
import { frame } from "./frame.js";
import { health } from "./health.js";

/** @typedef {import("../shell.js").Translate} Translate @typedef {import("../actions.js").Page} Page */
/** @typedef {{ world: any, facts: import("./health.js").Facts, drafts: number, sessionEnded: boolean, written: import("./health.js").Written | null }} Given */

/** @param {Given} given @param {Translate} t @returns {Page} */
export function device({ world, facts, drafts, sessionEnded, written }, t) {
  const rows = [[t("Enhet"), world.me.unit.name], [t("Utkast"), String(drafts)]];
  return {
    template: "bedside/device.html", status: 200, headers: {},
    context: {
      ...frame(world, t, "", t("Denne enheten")), device_title: t("Denne enheten"), device_name: facts.name,
      rows: rows.map(([label, value]) => ({ label, value, changed: false, was: "" })), ...health(facts, t, written),
      login_text: sessionEnded ? t("Innloggingen er utløpt. Sjekker sendes fortsatt, men ruta di blir ikke oppdatert før du logger inn.") : "",
    },
  };
}
