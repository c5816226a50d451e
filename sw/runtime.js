/** What compiled templates call: printing, escaping and truth exactly as Jinja2 and MarkupSafe do it. */

/** Text that is already HTML. */
export class Safe {
  /** @param {string} text */
  constructor(text) { this.text = text; }
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
  throw new TypeError("a template may print text and whole numbers, not " + (value === null ? "null" : typeof value));
}

/** @param {unknown} value */
export const esc = value => new Safe(out(value));

/** @param {any} object @param {string} name */
export function get(object, name) {
  if (object !== null && typeof object === "object" && Object.hasOwn(object, name)) return object[name];
  throw new ReferenceError("there is no ." + name);
}

/** A name of the context. @param {Record<string, unknown>} context @param {string} name */
export function need(context, name) {
  if (Object.hasOwn(context, name)) return context[name];
  throw new ReferenceError(name + " is not in the context");
}

/** @param {unknown} value @returns {boolean} */
export function truthy(value) {
  if (value === null || value === undefined) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Safe) return value.text !== "";
  if (typeof value === "object") return Object.keys(value).length > 0;
  return Boolean(value);
}

/** @param {unknown} left @param {() => unknown} right */
export const and = (left, right) => (truthy(left) ? right() : left);
/** @param {unknown} left @param {() => unknown} right */
export const or = (left, right) => (truthy(left) ? left : right());

/** @param {any} value */
const plain = value => (value instanceof Safe ? value.text : value === true ? 1 : value === false ? 0 : value);

/** @param {unknown} left @param {unknown} right */
export function equal(left, right) {
  const one = plain(left), other = plain(right);
  if (typeof one === "object" && one !== null && typeof other === "object" && other !== null) throw new TypeError("only words and numbers are compared");
  return one === other;
}

/** Numbers only: negative, zero or positive. @param {unknown} left @param {unknown} right */
export function order(left, right) {
  if (typeof left === "number" && typeof right === "number") return left - right;
  throw new TypeError("only whole numbers have an order");
}

/** @param {unknown} value @param {unknown} list */
export function within(value, list) {
  if (Array.isArray(list)) return list.some(one => equal(value, one));
  throw new TypeError("`in` looks in lists");
}

/** @param {unknown} list */
export function* loop(list) {
  if (!Array.isArray(list)) throw new TypeError("a loop goes over a list");
  for (let at = 0; at < list.length; at++) {
    yield { v: list[at], loop: { index: at + 1, index0: at, first: at === 0, last: at === list.length - 1, length: list.length } };
  }
}

/** A translated text; its values are escaped, the text itself is ours. @param {(text: string, values: Record<string, string>) => string} t @param {string} text @param {Record<string, unknown>} values */
export function say(t, text, values) {
  /** @type {Record<string, string>} */
  const escaped = {};
  for (const name in values) escaped[name] = out(values[name]);
  return new Safe(t(text, escaped));
}
