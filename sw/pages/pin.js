/** Another PIN for the open vault. */
import * as lockPage from "./lock.js";

/** @typedef {import("../shell.js").Translate} Translate @typedef {import("../actions.js").Page} Page */
/** @typedef {string | (import("../nurses.js").Attempt & { ok: false }) | null} Problem what is wrong with what she wrote, or with her PIN */
/** @typedef {{ lang: string, problem: Problem, passkeyProblem: Problem, done: string, passkey: string, phrase: boolean }} Given */

/** @param {Given} given @param {Translate} t @returns {Page} */
export const pin = ({ lang, problem, passkeyProblem, done, passkey, phrase }, t) => ({
  template: "bedside/pin.html", status: problem || passkeyProblem ? 422 : 200, headers: {},
  context: {
    lang, title: t("Bytt PIN"), home_url: "/round", done: done ? told(done, t) : "", offered: passkey === "offered", set: passkey === "set",
    label: phrase ? t("Ny passordfrase (minst fire ulike ord, til sammen minst 16 tegn)") : t("Ny PIN (minst 6 sifre) eller passordfrase (minst 8 tegn)"),
    problem: words(problem, t), passkey_problem: words(passkeyProblem, t),
  },
});

/** @param {string} done @param {Translate} t */
function told(done, t) {
  if (done === "passkey") return t("Du kan nå låse opp med fingeravtrykk eller ansikt på denne enheten. PIN virker som før.");
  return done === "removed" ? t("Fra nå av låser bare PIN opp.") : t("PIN er byttet.");
}

/** @param {Problem} problem @param {Translate} t */
function words(problem, t) {
  if (!problem) return "";
  if (typeof problem !== "string") return lockPage.words(problem, t);
  if (problem === "short") return t("PIN må ha minst 6 sifre, en passordfrase minst 8 tegn.");
  if (problem === "phrase") return t("Kommunen krever en passordfrase: minst fire ulike ord, til sammen minst 16 tegn.");
  if (problem === "plain") return t("Denne PIN-en er for lett å gjette.");
  if (problem === "missing") return t("Denne enheten kan ikke låse opp med fingeravtrykk eller ansikt her. PIN virker som før.");
  return problem === "cancelled" ? t("Det ble avbrutt. Ingenting er endret. Prøv igjen når du vil.") : t("De to er ikke like. Prøv igjen.");
}
