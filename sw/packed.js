/** The body of a check in envelope v2: MessagePack, with words as numbers and ids as bytes. Read by webapp/sync/packed.py. */
import { join, unhex, utf8, uuidBytes } from "./bytes.js";
import { day } from "./language.js";
import { words } from "./wordlist.js";
import { iso } from "./workdays.js";

const WORD = 1, DATE = 2, UUID = 3;
const Y2000 = 10957;
const OUTCOMES = ["done", "partly_done", "not_done"];
const IS_UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @typedef {Uint8Array<ArrayBuffer>} Bytes @typedef {Map<string, number>} Numbers */

/** @param {number} bytes @param {(view: DataView) => void} write @returns {Bytes} */
function made(bytes, write) {
  const out = new Uint8Array(bytes);
  write(new DataView(out.buffer));
  return out;
}

/** A length or a number behind its mark. @param {number} mark @param {number} n @param {1 | 2 | 4} size */
const sized = (mark, n, size) => made(1 + size, view => {
  view.setUint8(0, mark);
  if (size === 1) view.setUint8(1, n);
  else if (size === 2) view.setUint16(1, n);
  else view.setUint32(1, n);
});

/** @param {number} n @param {number} small mark of the short form, for less than `below` @param {number} below @param {number | null} m8 @param {number} m16 @param {number} m32 */
function length(n, small, below, m8, m16, m32) {
  if (n < below) return Uint8Array.of(small | n);
  if (m8 !== null && n < 0x100) return sized(m8, n, 1);
  return n < 0x10000 ? sized(m16, n, 2) : sized(m32, n, 4);
}

/** @param {number} value */
function number(value) {
  if (!Number.isSafeInteger(value)) return made(9, view => { view.setUint8(0, 0xcb); view.setFloat64(1, value); });
  if (value >= 0) {
    if (value < 0x1_0000_0000) return length(value, 0, 0x80, 0xcc, 0xcd, 0xce);
    return made(9, view => { view.setUint8(0, 0xcf); view.setBigUint64(1, BigInt(value)); });
  }
  if (value >= -32) return Uint8Array.of(value & 0xff);
  if (value >= -0x8000) return made(3, view => { view.setUint8(0, 0xd1); view.setInt16(1, value); });
  return made(9, view => { view.setUint8(0, 0xd3); view.setBigInt64(1, BigInt(value)); });
}

/** @param {string} value @param {Numbers} known */
function string(value, known) {
  const word = known.get(value);
  if (word !== undefined) return Uint8Array.of(0xd4, WORD, word);
  if (IS_UUID.test(value)) return join(Uint8Array.of(0xd8, UUID), uuidBytes(value));
  const days = value.length === 10 ? day(value) : null;
  if (days !== null && Math.abs(days - Y2000) < 0x8000 && iso(days) === value) {
    return made(4, view => { view.setUint8(0, 0xd5); view.setUint8(1, DATE); view.setInt16(2, days - Y2000); });
  }
  const bytes = utf8(value);
  return join(length(bytes.length, 0xa0, 32, 0xd9, 0xda, 0xdb), bytes);
}

/** @param {Bytes} bytes */
const binary = bytes => join(length(bytes.length, 0, 0, 0xc4, 0xc5, 0xc6), bytes);

/** @param {any} value @param {Numbers} known @returns {Bytes} */
function pack(value, known) {
  if (value === null || value === undefined) return Uint8Array.of(0xc0);
  if (typeof value === "boolean") return Uint8Array.of(value ? 0xc3 : 0xc2);
  if (typeof value === "number") return number(value);
  if (typeof value === "string") return string(value, known);
  if (value instanceof Uint8Array) return binary(/** @type {Bytes} */ (value));
  if (Array.isArray(value)) return join(length(value.length, 0x90, 16, null, 0xdc, 0xdd), ...value.map(one => pack(one, known)));
  const pairs = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return join(length(pairs.length, 0x80, 16, null, 0xde, 0xdf), ...pairs.flatMap(([key, inner]) => [string(key, known), pack(inner, known)]));
}

/** @param {any} value */
const empty = value => value == null || value === "" || value === 0 || (typeof value === "object" && !Object.keys(value).length);

/** Nothing at the end is said by saying nothing. @param {any[]} list */
function cut(list) {
  const kept = [...list];
  while (kept.length && empty(kept[kept.length - 1])) kept.pop();
  return kept;
}

/** @param {string} iso */
const seconds = iso => Math.floor(Date.parse(iso) / 1000);

/** Minutes east of Greenwich. @param {string} iso */
function offset(iso) {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(iso) ?? ["", "+", "0", "0"];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/**
 * A check's payload without what the header says.
 * @param {any} whole in the names of docs/wire.md @param {import("./bundles.js").Form} form
 * @returns {Bytes}
 */
export function check(whole, form) {
  const known = new Map(words(form).map((word, n) => [word, n]));
  const { prior, c, clk } = whole;
  const at = seconds(whole.at);
  const since = /** @param {string} iso */ iso => seconds(iso) - at;
  const nth = form.siblings.findIndex(one => one.id === form.id);
  return pack([
    uuidBytes(whole.key), whole.n, uuidBytes(whole.p), uuidBytes(whole.u), unhex(whole.bh).slice(0, 8), nth, whole.sv,
    at, offset(whole.at), since(whole.rec), clk.s === null ? [since(clk.n)] : [since(clk.n), since(clk.s), since(clk.d)],
    /^[0-9a-f]{16}$/.test(whole.app) ? unhex(whole.app) : whole.app,
    [
      whole.sup && [uuidBytes(whole.sup[0]), whole.sup[1]],
      cut([prior.last, prior.items, prior.past, prior.uses.map(uuidBytes), prior.facts]),
      whole.a,
      cut([c.x, OUTCOMES.indexOf(c.o), c.ac, c.nt, c.r, c.t, c.w, c.ok]),
      whole.fl.map((/** @type {[string, string]} */ [code, subject]) => subject === "" ? code : [code, subject]),
    ],
  ], known);
}
