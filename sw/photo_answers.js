/** Where in a check's answers photos are named, whatever the bundle. Twin: webapp/bundles/photos.py. */

/** @typedef {import('./bundles.js').Form} Form @typedef {Record<string, any>} Values */

/** The hashes a check names. @param {Form} form @param {Values} answers @returns {string[]} */
export function names(form, answers) {
  /** @type {string[]} */
  const found = []
  for (const field of form.answers) {
    if (field.type === 'photos') found.push(...answers[field.name] ?? [])
    const inner = field.items?.fields.filter((one) => one.type === 'photos') ?? []
    for (const item of inner.length ? answers[field.name] ?? [] : []) {
      for (const one of inner) found.push(...item[one.name] ?? [])
    }
  }
  return found
}
