/* In the tablet's page: requests through the hook that htmx's go through, two milliseconds apart, with the sync held back. */
async () => {
  const [clock, records, sync] = await Promise.all(['clock', 'records', 'sync'].map((name) => import(`/sw/${name}.js`)))
  const SAID = ['HX-Push-Url', 'HX-Replace-Url', 'HX-Retarget', 'HX-Reswap']
  let [day, running] = [Date.now(), performance.now()]
  Date.now = () => day
  performance.now = () => running
  AbortSignal.timeout = () => new AbortController().signal // on a slow machine too: nothing that is held back gives up and sends
  let release = () => undefined
  const hold = () => new Promise((held) => {
    void navigator.locks.request('tryggrunde-upload', () => new Promise((done) => { release = done; held(undefined) }))
  })
  await hold()

  /** The questions of a form as a browser posts them, and its buttons. */
  const form = (html) => {
    const page = new DOMParser().parseFromString(html, 'text/html')
    const questions = [...page.querySelectorAll('#_form fieldset')].map((one) => ({
      path: one.querySelector('input[name=f]')?.value ?? '', bad: one.closest('[data-bad]') !== null, said: one.closest('[data-bad]')?.querySelector('.err')?.textContent ?? '',
      controls: [...one.querySelectorAll('[name]:not([name=f]):not(button)')].map((field) => ({
        name: field.name, type: field.type, value: field.value, checked: field.checked, mode: field.inputMode })),
    }))
    return { questions, buttons: [...page.querySelectorAll('#_form button[name=do]')].map(({ value }) => value) }
  }

  globalThis.twin = {
    async send([method, path, body, full]) {
      day += 2
      running += 2
      const now = clock.iso(clock.now())
      const request = { method, action: path, headers: { 'HX-Request-Type': full ? 'full' : 'partial' }, body: body && new URLSearchParams(body) }
      const ctx = { request }
      document.dispatchEvent(new CustomEvent('htmx:before:request', { detail: { ctx } }))
      const response = await ctx.fetch()
      const html = await response.text()
      const { drafts, bedside, sync: line } = await records.world()
      const headers = Object.fromEntries(SAID.filter((name) => response.headers.has(name)).map((name) => [name, response.headers.get(name)]))
      return { now, status: response.status, headers, html, drafts, bedside, sync: line, ...form(html) }
    },
    world: () => records.world(),
    async deliver() {
      release()
      await sync.flush({ fetch: true })
      await hold()
    },
  }
}
