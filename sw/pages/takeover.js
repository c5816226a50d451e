/** Pages for a window that may not show anything: another one is live, or nothing has been fetched yet. */

/** @typedef {import("../shell.js").Translate} Translate @typedef {import("../actions.js").Page} Page */

/** @param {{ lang: string }} given @param {Translate} t @returns {Page} */
export const takeover = ({ lang }, t) => ({
  template: "bedside/takeover.html", status: 423, headers: {},
  context: { lang, title: t("Åpen i et annet vindu"), home_url: "/round" },
});

/** @param {{ lang: string, login: boolean }} given @param {Translate} t @returns {Page} */
export const waiting = ({ lang, login }, t) => ({
  template: "bedside/waiting.html", status: 200, headers: {},
  context: { lang, title: t("Ruta di er ikke hentet ennå"), home_url: "/round", login },
});
