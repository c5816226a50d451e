/** This device: how it keeps things, which version it runs, when the server was last heard. Twin: webapp/bedside/pages_device.py. */
import { nearMoment } from "../says.js";
import { frame, todayOf } from "./frame.js";

/** @typedef {import("../shell.js").Translate} Translate @typedef {import("../actions.js").Page} Page */
/** @typedef {{ world: any, device: any, kept: boolean, drafts: number, version: string, sessionEnded: boolean }} Given */

/** @param {Given} given @param {Translate} t @returns {Page} */
export function device({ world, device: installed, kept, drafts, version, sessionEnded }, t) {
  const contact = world.sync.last_contact;
  const rows = [
    [t("Enhet"), world.me.unit.name],
    [t("Siste kontakt"), contact ? nearMoment(contact, todayOf(world), t) : t("Ingen kontakt ennå")],
    [t("Ikke sendt"), String(world.sync.waiting)],
    [t("Utkast"), String(drafts)],
    [t("Versjon"), version],
  ];
  return {
    template: "bedside/device.html", status: 200, headers: {},
    context: {
      ...frame(world, t, "", t("Denne enheten")), device_title: t("Denne enheten"), device_name: installed.name ?? "",
      rows: rows.map(([label, value]) => ({ label, value, changed: false, was: "" })),
      kept_text: kept ? t("Nettleseren har lovet å ta vare på det som er lagret her.")
        : t("Nettleseren kan rydde bort lagring når det er lite plass. Send sjekkene hver dag, og installer appen på startskjermen."),
      kept_tone: kept ? "info" : "warn",
      login_text: sessionEnded ? t("Innloggingen er utløpt. Sjekker sendes fortsatt, men ruta di blir ikke oppdatert før du logger inn.") : "",
    },
  };
}
