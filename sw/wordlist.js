/** The words a form's checks are made of, numbered: envelope v2 carries numbers. Fixed for ever by the bundle file.
 * Twin: webapp/bundles/wordlist.py. */

const OWN = ['_on', '_actions', '_outcome']
const MOST = 256

/** Names and option codes in file order, flag codes, then what rules read of history; each once.
 * @param {import('./bundles.js').Form} form @returns {string[]} */
export function words(form) {
  const found = [...OWN, ...form.contexts, ...names(form.answers), ...form.flags.map((flag) => flag.code)]
  const { last, items, past, facts } = form.reads
  for (const told of [last, items, past]) {
    for (const name of Object.keys(told).sort()) found.push(name, ...[...told[name]].sort())
  }
  return [...new Set([...found, ...[...facts].sort()])].slice(0, MOST)
}

/** @param {import('./bundles.js').Field[]} fields @returns {string[]} */
const names = (fields) => fields.flatMap((one) => [
  one.name, ...one.options, ...one.words, ...(one.items ? names(one.items.fields) : [])])
