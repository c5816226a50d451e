/** The bedside pages by name, as routes.json names them. Twin: webapp/bedside/pages.py. */
export { check as checkPage, findDraft, judged } from './check.js'
export { missing as missingPage } from './frame.js'
export { person as personPage } from './person.js'
export { findCheck, result as resultPage } from './result.js'
export { event as eventPage, people as peoplePage, round as roundPage } from './round.js'
export { sent as sentPage } from './sent.js'
