/** The browser's own log-in, of pages the server makes. A vault has a session of its own; the next hand on this device may be another's. */

/** What a form of the server's must carry; empty where no page of its was shown. */
export const csrf = () => decodeURIComponent(document.cookie.split("; ").find(one => one.startsWith("csrf="))?.slice(5) ?? "");

/** End it, if there may be one, where the server answers; without a net there is nothing it could show either. */
export async function endLogIn() {
  const token = csrf();
  if (!token) return;
  const how = /** @type {RequestInit} */ ({ method: "POST", redirect: "manual", keepalive: true, headers: { "X-CSRFToken": token } });
  await fetch("/logout", { ...how, signal: AbortSignal.timeout(4_000) }).catch(() => undefined);
}
