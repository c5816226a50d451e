/** What compiled templates call: printing, escaping and truth exactly as Jinja2 (webapp/device/strict.py) and MarkupSafe do it. */

/** Text that is already HTML. */
export class Safe {
  /** @param {string} text */
  constructor(text) { this.text = text; }
}

/** A name that has no value. It may be passed on; whoever uses it fails, and the message names it. */
class Missing {
  /** @param {string} name */
  constructor(name) { this.name = name; }
}

/** @param {unknown} value @param {string} rule @returns {never} */
function fail(value, rule) {
  if (value instanceof Missing) throw new ReferenceError(`${value.name} has no value`);
  throw new TypeError(`${rule}, not ${value === null ? "null" : Array.isArray(value) ? "a list" : typeof value}`);
}

/** @type {Record<string, string>} */
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&#39;", '"': "&#34;" };

/** @param {string} text */
const escape = text => (/[&<>'"]/.test(text) ? text.replace(/[&<>'"]/g, one => ENTITIES[one]) : text);

/** Text or a whole number as HTML; anything else would print differently in Python. @param {unknown} value @returns {string} */
export function out(value) {
  if (typeof value === "string") return escape(value);
  if (value instanceof Safe) return value.text;
  if (Number.isSafeInteger(value)) return String(value);
  return fail(value, "a template may print text and whole numbers");
}

/** @param {unknown} value */
export const esc = value => new Safe(out(value));

/** @param {any} value */
const isObject = value => typeof value === "object" && value !== null && !(value instanceof Safe || value instanceof Missing);

/** @param {any} object @param {string} name */
export function get(object, name) {
  if (!isObject(object) || Array.isArray(object)) fail(object, `only an object has a .${name}`);
  return Object.hasOwn(object, name) ? object[name] : new Missing(name);
}

/** @param {unknown} list @param {number} place */
export const at = (list, place) => (place < rows(list).length ? rows(list)[place] : new Missing("place " + place));

/** A name of the context. @param {Record<string, unknown>} context @param {string} name */
export const need = (context, name) => (Object.hasOwn(context, name) ? context[name] : new Missing(name));

/** @param {unknown} value */
export const missing = value => value instanceof Missing;
/** @param {unknown} value @param {unknown} instead */
export const orElse = (value, instead) => (missing(value) ? instead : value);

/** @param {unknown} value @returns {boolean} */
export function truthy(value) {
  if (value === null) return false;
  if (value === undefined) fail(value, "only what has a value is true or false");
  if (typeof value !== "object") return Boolean(value);
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Safe) return value.text !== "";
  if (value instanceof Missing) fail(value, "");
  return Object.keys(value).length > 0;
}

/** @param {unknown} left @param {() => unknown} right */
export const and = (left, right) => (truthy(left) ? right() : left);
/** @param {unknown} left @param {() => unknown} right */
export const or = (left, right) => (truthy(left) ? left : right());

/** Python's True is 1. @param {unknown} value @returns {string | number | null} */
function scalar(value) {
  if (typeof value === "string" || value === null) return value;
  if (value instanceof Safe) return value.text;
  if (typeof value === "boolean") return Number(value);
  if (Number.isSafeInteger(value)) return /** @type {number} */ (value);
  return fail(value, "only words and whole numbers are compared");
}

/** @param {unknown} left @param {unknown} right */
export const equal = (left, right) => scalar(left) === scalar(right);

/** @param {unknown} value @returns {number} */
export const whole = value => (Number.isSafeInteger(value) ? /** @type {number} */ (value) : fail(value, "only whole numbers are counted and ordered"));

/** @param {unknown} list @returns {unknown[]} */
export const rows = list => (Array.isArray(list) ? list : fail(list, "only a list can be gone through"));

/** @param {unknown} value */
const isFraction = value => typeof value === "number" && !Number.isSafeInteger(value);

/** Python finds no word in a list of lists, and does not mind. @param {unknown} value @param {unknown} list */
export function within(value, list) {
  const wanted = scalar(value);
  return rows(list).some(one => !isObject(one) && !isFraction(one) && scalar(one) === wanted);
}

/** @param {unknown} list */
export const size = list => rows(list).length;

/** @param {unknown} list @param {unknown} between */
export const join = (list, between) => new Safe(rows(list).map(out).join(out(between)));

/** Each element with its place. @param {unknown[]} list */
export const each = list => list.map((value, index0) => /** @type {const} */ ([value, {
  index: index0 + 1, index0, first: index0 === 0, last: index0 === list.length - 1, length: list.length,
  revindex: list.length - index0, revindex0: list.length - index0 - 1,
}]));

/** A translated text; it and its values are escaped.
 * @param {(text: string, values: Record<string, string>) => string} t @param {string} text @param {Record<string, unknown>} [values] */
export function say(t, text, values = {}) {
  const names = Object.keys(values);
  const said = t(text, Object.fromEntries(names.map(name => [name, `%(${name})s`])));
  return new Safe(names.length ? escape(said).replace(/%\((\w+)\)s/g, (_, name) => out(values[name])) : escape(said));
}
