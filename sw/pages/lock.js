/** The lock page: who has a vault here, how much of hers is unsent, and what went wrong with the last try. */
import { many } from "../says.js";
import { initials } from "./frame.js";

/** @typedef {import("../nurses.js").Vault} Vault @typedef {import("../nurses.js").Attempt} Attempt */
/** @typedef {import("../shell.js").Translate} Translate @typedef {import("../actions.js").Page} Page */
/** @typedef {{ lang: string, vaults: Vault[], waiting: import("../sealed.js").Sealed[], chosen: string, problem: Attempt | null, revoked: import("../wipe.js").Revoked | null, lost: boolean, aside: string, note: boolean, updated: boolean }} Given */

/** @param {Given} given @param {Translate} t @returns {Page} */
export function lock({ lang, vaults, waiting, chosen, problem, revoked, lost, aside, note, updated }, t) {
  const open = vaults.filter(it => it.wraps.pin);
  const keyed = open.filter(it => it.wraps.prf);
  /** @param {Vault} it */
  const unsent = it => waiting.filter(one => one.kind === 1 && one.vault === it.no).length;
  /** @param {Vault} it */
  const known = it => ({ id: it.user.id, name: it.user.name, waiting: unsent(it) ? many(t, unsent(it), "1 venter", "%(n)s venter") : "" });
  const first = open.some(it => it.user.id === chosen) ? chosen : open[0]?.user.id;
  return {
    template: "bedside/locked.html", status: 423, headers: {},
    context: {
      lang, title: t("Låst"), home_url: "/round", updated, lost, aside: revoked ? "" : aside, ...dismissed(revoked, aside, t), keyboard: open.length && open.every(it => it.digits) ? "numeric" : "text",
      passkeys: keyed.map(it => ({ id: it.user.id, label: (open.length > 1 ? it.user.name + ": " : "") + t("Lås opp med fingeravtrykk eller ansikt") })),
      nurses: open.map(it => ({ ...known(it), initials: initials(it.user.name), chosen: it.user.id === first })),
      away: vaults.filter(it => !it.wraps.pin).map(known),
      problem: problem && !problem.ok ? words(problem, t) : "",
      note: note ? t("Kommunen krever en passordfrase nå. Lås opp med PIN-en du har, og bytt den under «Denne enheten».") : "",
    },
  };
}

/** @param {import("../wipe.js").Revoked | null} revoked @param {string} aside @param {Translate} t */
function dismissed(revoked, aside, t) {
  const { name, phone } = revoked?.call ?? { name: "", phone: "" };
  const text = revoked?.emptied ? aside || t("Denne enheten er sperret. Alt er sendt, og alt er slettet.")
    : t("Denne enheten er sperret. Det som kunne leses, er slettet. Det som ikke er sendt, blir sendt når enheten har nett.");
  return { revoked_text: revoked ? text : "", call_name: name, call_phone: phone, call_url: "tel:" + phone.replaceAll(" ", "") };
}

/** @param {Attempt & { ok: false }} problem @param {Translate} t */
export function words(problem, t) {
  if (problem.why === "wait") return t("For mange forsøk. Prøv igjen om %(n)s sekunder.", { n: problem.seconds ?? 0 });
  if (problem.why === "closed") return t("Hvelvet er lukket. Logg inn når du har nett, og velg ny PIN. Ingenting er tapt.");
  if (problem.why === "passkey") return t("Fingeravtrykk eller ansikt låste ikke opp. Prøv igjen, eller skriv PIN.");
  if (problem.why === "lease") return t("Det er for lenge siden enheten hadde kontakt. Koble til nett og prøv igjen, eller logg inn.");
  if (problem.seconds) return t("Feil PIN. %(left)s forsøk igjen, neste om %(n)s sekunder.", { left: problem.left ?? 0, n: problem.seconds });
  return t("Feil PIN. %(left)s forsøk igjen.", { left: problem.left ?? 0 });
}
