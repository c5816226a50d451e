/** The service worker of this browser: what opens the app without a net. One whose first files did not come is thrown away by the browser. */

const PATIENCE = 30_000;

/** Registered, again when it is gone; nothing happens to one that is there. */
export const ensureWorker = () => navigator.serviceWorker.register("/worker.js", { type: "module", scope: "/", updateViaCache: "none" });

/** Whether this device opens without a net: its worker is there, and has a whole app to answer with. @returns {Promise<boolean>} */
export async function opensAlone() {
  const [worker, kept] = await Promise.all([navigator.serviceWorker.getRegistration(), caches.match("/shell-in-use")]);
  return Boolean(worker?.active && kept);
}

/** Until it works. One that is there is not asked for: that would wait behind a look for a new version on a line that hangs.
 * Fails when its files did not come, or not in time. @returns {Promise<void>} */
export async function workerHere() {
  if ((await navigator.serviceWorker.getRegistration())?.active) return;
  await new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("the worker is late")), PATIENCE);
    ensureWorker().then(({ active, waiting, installing }) => {
      const coming = installing ?? waiting;
      if (active) return resolve(undefined);
      if (!coming) return reject(new Error("no worker came"));
      const look = () => {
        if (coming.state === "activated") resolve(undefined);
        else if (coming.state === "redundant") reject(new Error("the shell did not come"));
      };
      coming.addEventListener("statechange", look);
      look();
    }, reject);
  });
}
