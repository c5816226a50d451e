/** How this device is: one row for each thing that can go wrong, in plain words, with what to do when it is not well. */
import { unsentText } from "../photo_lines.js";
import { nearMoment } from "../says.js";
import { staleDo } from "./frame.js";

/** @typedef {import("../shell.js").Translate} Translate */
/** @typedef {{ label: string, value: string, tone: string, icon: string, advice: string }} Row */
/** @typedef {{ kind: string, name: string, waiting: number, photos: number, left: number }} Written what became of a rescue file */
/**
 * @typedef {object} Facts
 * @property {string} now
 * @property {string} name of the device
 * @property {boolean} installed
 * @property {boolean} kept the browser has promised to keep what lies here
 * @property {number | null} free bytes; null where the browser does not say
 * @property {number | null} offset milliseconds the device's clock is ahead of the server's
 * @property {string | null} contact
 * @property {number} waiting checks
 * @property {number} sealed everything unsent, what was looked at too
 * @property {string | null} oldest when the oldest unsent check was saved
 * @property {number} photos that wait
 * @property {number} unsealed of those, not sealed yet
 * @property {string | null} photosOldest when the first of their checks was made
 * @property {boolean} alone it opens without a net
 * @property {import("../aside.js").Told | null} aside databases that were set aside
 * @property {string} version
 * @property {string | null} paused
 */

export const DAY = 86_400_000;
const SCARCE = 100 * 1024 * 1024;
const WRONG_CLOCK = 2 * 60_000;

/** @param {string} from @param {string} to */
const age = (from, to) => Date.parse(to) - Date.parse(from);

/** @param {string} label @param {string} value @param {string} [advice] what to do; with it the row is not well @returns {Row} */
const row = (label, value, advice = "") => ({ label, value, advice, tone: advice ? "warn" : "ok", icon: advice ? "alert" : "check" });

/** @param {Facts} facts @param {Translate} t @param {Written | null} [written] */
export function health(facts, t, written = null) {
  const aside = facts.aside?.say(t);
  const rows = [unsent(facts, t), contact(facts, t), alone(facts, t), storage(facts, t), installed(facts, t), room(facts, t), clock(facts, t)];
  if (aside) rows.push(row(t("Lager lagt til side"), aside.text, aside.advice));
  const wrong = rows.filter(one => one.advice).length;
  return {
    health: [...rows, row(t("Utgave av appen"), facts.version, facts.paused === "wire" ? staleDo("wire", t) : "")],
    health_text: wrong === 0 ? t("Alt er i orden.") : wrong === 1 ? t("1 ting bør ordnes.") : t("%(n)s ting bør ordnes.", { n: wrong }),
    health_tone: wrong ? "warn" : "info",
    health_icon: wrong ? "alert" : "check",
    unsent_text: held(facts, t) ? t("Ikke sendt") + ": " + held(facts, t) : "",
    rescue_waits: facts.sealed > 0 || facts.photos > facts.unsealed,
    rescue_text: written ? said(written, t) : "",
    rescue_tone: written?.kind === "failed" ? "danger" : written?.left ? "warn" : "info",
    rescue_photos: facts.unsealed ? t("Bilder som ikke er forseglet ennå, går ikke i redningsfilen. De blir det når den som tok dem, låser opp.") : "",
  };
}

/** @param {Written} written @param {Translate} t */
function said({ kind, name, waiting, photos, left }, t) {
  if (kind === "failed") return t("Filen kunne ikke lages. Det som ikke er sendt, ligger fortsatt trygt her.");
  if (kind === "empty") return t("Alt er sendt. Det trengs ingen redningsfil.");
  const made = photos ? t("Filen %(name)s er laget. Registreringer: %(n)s. Bilder: %(p)s. Gi den til leder eller IT. Alt ligger fortsatt her til serveren har svart.",
    { name, n: waiting, p: photos }) : t("Filen %(name)s er laget, med %(n)s registreringer. Gi den til leder eller IT. Alt ligger fortsatt her til serveren har svart.",
    { name, n: waiting });
  const more = t("%(n)s registreringer eller bilder fikk ikke plass i filen. Trykk «Lagre redningsfil» en gang til, så kommer de i en fil til.", { n: left });
  return left ? made + " " + more : made;
}

/** @param {Facts} facts @param {Translate} t @returns {Row} */
function unsent(facts, t) {
  const { oldest, photosOldest, now, paused } = facts;
  const late = [oldest, photosOldest].some(at => at && age(at, now) >= DAY);
  return row(t("Ikke sendt"), held(facts, t) || t("Ingenting. Alt er sendt."), late ? staleDo(paused, t) : "");
}

/** What is unsent here, checks and photos; empty when nothing is. @param {Facts} facts @param {Translate} t */
function held({ waiting, oldest, photos, now }, t) {
  const at = oldest ? nearMoment(oldest, now.slice(0, 10), t) : "";
  const checks = waiting === 1 ? t("1 sjekk, fra %(at)s", { at }) : waiting ? t("%(n)s sjekker, den eldste fra %(at)s", { n: waiting, at }) : "";
  return [checks, unsentText(photos, t)].filter(Boolean).join(". ");
}

/** @param {Facts} facts @param {Translate} t @returns {Row} */
function contact({ contact: last, now, paused }, t) {
  const label = t("Siste kontakt med serveren");
  if (!last) return row(label, t("Ingen kontakt ennå"), staleDo(paused, t));
  return row(label, nearMoment(last, now.slice(0, 10), t), age(last, now) >= DAY ? staleDo(paused, t) : "");
}

/** @param {Facts} facts @param {Translate} t @returns {Row} */
const alone = ({ alone: yes }, t) => yes ? row(t("Kan åpnes uten nett"), t("Ja"))
  : row(t("Kan åpnes uten nett"), t("Nei, appen er ikke hentet ned"), t("Last siden på nytt der det er godt nett, og vent til raden sier ja."));

/** @param {Facts} facts @param {Translate} t @returns {Row} */
const storage = ({ kept }, t) => kept ? row(t("Lagring"), t("Varig. Nettleseren har lovet å ta vare på det som er lagret her."))
  : row(t("Lagring"), t("Ikke lovet varig. Nettleseren kan rydde bort lagring når det er lite plass."),
    t("Send sjekkene hver dag, og installer appen på startskjermen."));

/** @param {Facts} facts @param {Translate} t @returns {Row} */
const installed = ({ installed: yes }, t) => yes ? row(t("Installert"), t("Ja, som app på startskjermen"))
  : row(t("Installert"), t("Nei, åpen i nettleseren"),
    t("Åpne menyen i nettleseren og velg «Installer» eller «Legg til på startskjermen». På iPhone og iPad: send alt først, for den installerte appen har sitt eget lager."));

/** @param {Facts} facts @param {Translate} t @returns {Row} */
function room({ free }, t) {
  const label = t("Ledig plass");
  if (free === null) return row(label, t("Nettleseren sier ikke hvor mye"));
  const n = Math.floor(free / 1024 / 1024);
  const value = n >= 1024 ? t("%(n)s GB", { n: Math.floor(n / 1024) }) : t("%(n)s MB", { n });
  return row(label, value, free < SCARCE ? t("Slett bilder eller apper som ikke trengs på enheten, og send sjekkene.") : "");
}

/** @param {Facts} facts @param {Translate} t @returns {Row} */
function clock({ offset }, t) {
  const label = t("Klokka");
  if (offset === null) return row(label, t("Ikke sammenlignet med serveren ennå"));
  if (Math.abs(offset) < WRONG_CLOCK) return row(label, t("Går riktig"));
  const n = Math.round(Math.abs(offset) / 60_000);
  return row(label, offset > 0 ? t("%(n)s minutter foran serveren", { n }) : t("%(n)s minutter etter serveren", { n }),
    t("Slå på automatisk dato og tid i innstillingene. Sjekkene er trygge, men tidspunktene blir merket."));
}

/** Without a PIN: nothing here is about a person. @param {Facts} facts @param {string} lang @param {Translate} t @param {Written | null} written */
export const locked = (facts, lang, t, written) => ({
  template: "bedside/health.html", status: 200, headers: {},
  context: { lang, title: t("Denne enheten"), home_url: "/round", device_name: facts.name, ...health(facts, t, written) },
});
