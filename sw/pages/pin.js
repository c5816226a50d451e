/** Another PIN for the open vault. */

/** @typedef {import("../shell.js").Translate} Translate @typedef {import("../actions.js").Page} Page */

/** @param {{ lang: string, problem: string | null, done: boolean }} given @param {Translate} t @returns {Page} */
export const pin = ({ lang, problem, done }, t) => ({
  template: "bedside/pin.html", status: problem ? 422 : 200, headers: {},
  context: { lang, title: t("Bytt PIN"), home_url: "/round", done, problem: problem ? words(problem, t) : "" },
});

/** @param {string} problem @param {Translate} t */
function words(problem, t) {
  if (problem === "short") return t("PIN må ha minst 6 sifre, en passordfrase minst 8 tegn.");
  if (problem === "plain") return t("Denne PIN-en er for lett å gjette.");
  return problem === "differ" ? t("De to er ikke like. Prøv igjen.") : t("Feil PIN.");
}
