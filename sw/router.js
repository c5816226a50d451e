/** Which page or action a bedside URL is: the rows of routes.json, matched as Flask matches them. */

/** @typedef {{ method: string, path: string, page: string, device_only?: boolean }} Route */
/** @typedef {{ page: string, params: Record<string, string> }} Match */

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const BEDSIDE = /^\/round(\/|$)/;

/** @type {{ route: Route, pattern: RegExp }[]} */
let table = [];

/** @param {string} path */
const compile = path => new RegExp("^" + path.replace(/<(?:(uuid):)?(\w+)>/g,
  (_, uuid, name) => `(?<${name}>${uuid ? UUID : "[^/]+"})`) + "$");

export async function load() {
  const response = await fetch("/sw/routes.json");
  const routes = /** @type {Route[]} */ (await response.json());
  table = routes.map(route => ({ route, pattern: compile(route.path) }));
}

/** @param {string} path */
export const isBedside = path => BEDSIDE.test(path);

/** @param {string} method @param {string} path @returns {Match | null} */
export function match(method, path) {
  for (const { route, pattern } of table) {
    const found = route.method === method && pattern.exec(path);
    if (found) return { page: route.page, params: { ...found.groups } };
  }
  return null;
}
