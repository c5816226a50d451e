/** One live window: a second says so and may take over, which locks the first. Keys cross no windows. */

const NAME = "tryggrunde-window";

/** @type {"live" | "elsewhere" | "unknown"} */
let state = "unknown";
/** @type {() => void} */
let whenLost = () => undefined;

export const isLive = () => state === "live";

/** @param {() => void} lost called when another window took over */
export const onLost = lost => { whenLost = lost; };

/** Become the live window; with `steal` also when another one is. @param {{ steal?: boolean }} [how] @returns {Promise<boolean>} */
export function acquire({ steal = false } = {}) {
  if (state === "live") return Promise.resolve(true);
  return new Promise(resolve => {
    /** @param {Lock | null} lock */
    const hold = lock => {
      state = lock ? "live" : "elsewhere";
      resolve(lock !== null);
      return lock ? new Promise(() => undefined) : undefined;
    };
    navigator.locks.request(NAME, steal ? { steal } : { ifAvailable: true }, hold).catch(wrong => {
      const taken = wrong?.name === "AbortError";
      if (!taken) console.warn("no lock:", wrong); // a browser whose locks fail: she works on, and what is stored once stays once
      state = taken ? "elsewhere" : "live";
      if (taken) whenLost();
      resolve(!taken);
    });
  });
}
