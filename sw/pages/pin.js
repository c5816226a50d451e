/** Another PIN for the open vault. */

/** @typedef {import("../shell.js").Translate} Translate @typedef {import("../actions.js").Page} Page */

/** @typedef {{ lang: string, problem: string | null, done: string, passkey: string }} Given */

/** @param {Given} given @param {Translate} t @returns {Page} */
export const pin = ({ lang, problem, done, passkey }, t) => ({
  template: "bedside/pin.html", status: problem ? 422 : 200, headers: {},
  context: {
    lang, title: t("Bytt PIN"), home_url: "/round", done: done ? told(done, t) : "", offered: passkey === "offered", set: passkey === "set",
    problem: problem && !problem.startsWith("passkey-") ? words(problem, t) : "",
    passkey_problem: problem?.startsWith("passkey-") ? words(problem, t) : "",
  },
});

/** @param {string} done @param {Translate} t */
function told(done, t) {
  if (done === "passkey") return t("Du kan nå låse opp med fingeravtrykk eller ansikt på denne enheten. PIN virker som før.");
  return done === "removed" ? t("Fra nå av låser bare PIN opp.") : t("PIN er byttet.");
}

/** @param {string} problem @param {Translate} t */
function words(problem, t) {
  if (problem === "short") return t("PIN må ha minst 6 sifre, en passordfrase minst 8 tegn.");
  if (problem === "plain") return t("Denne PIN-en er for lett å gjette.");
  if (problem === "passkey-missing") return t("Denne enheten kan ikke låse opp med fingeravtrykk eller ansikt her. PIN virker som før.");
  if (problem === "passkey-cancelled") return t("Det ble avbrutt. Ingenting er endret. Prøv igjen når du vil.");
  return problem === "differ" ? t("De to er ikke like. Prøv igjen.") : t("Feil PIN.");
}
