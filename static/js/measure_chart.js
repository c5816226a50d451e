// Draws the time series the server has computed: points, median, target. The numbers also stand in a table beside it.

/**
 * @typedef {{labels: string[], values: (number | null)[], centre: number | null, target: number | null, hollow: boolean[], names: string[]}} Series
 * @typedef {new (canvas: HTMLCanvasElement, config: object) => unknown} ChartClass
 */

/** @param {string} name */
const colour = (name) => getComputedStyle(document.body).getPropertyValue(name).trim()

/** @param {Series} series @returns {object[]} */
function lines(series) {
  const accent = colour('--ds-color-accent-base-default')
  const paper = colour('--ds-color-neutral-background-default')
  const flat = (/** @type {number} */ y) => series.labels.map(() => y)
  const found = [{
    label: series.names[0], data: series.values, borderColor: accent, borderWidth: 2, spanGaps: false, pointRadius: 4,
    pointBorderColor: accent, pointBackgroundColor: series.hollow.map((hollow) => (hollow ? paper : accent)),
  }]
  /** @type {object[]} */
  const straight = []
  if (series.centre !== null) straight.push({ label: series.names[1], data: flat(series.centre), borderColor: colour('--ds-color-neutral-text-subtle'), borderWidth: 1.5, pointRadius: 0 })
  if (series.target !== null) straight.push({ label: series.names[2], data: flat(series.target), borderColor: colour('--ds-color-neutral-text-subtle'), borderWidth: 1.5, borderDash: [6, 4], pointRadius: 0 })
  return [...found, ...straight]
}

function draw() {
  const Chart = /** @type {ChartClass | undefined} */ (/** @type {any} */ (window).Chart)
  if (!Chart) return
  for (const canvas of document.querySelectorAll('canvas[data-measure]:not([data-drawn])')) {
    if (!(canvas instanceof HTMLCanvasElement)) continue
    canvas.dataset.drawn = 'yes'
    const series = /** @type {Series} */ (JSON.parse(canvas.dataset.measure ?? '{}'))
    const text = colour('--ds-color-neutral-text-subtle')
    new Chart(canvas, {
      type: 'line',
      data: { labels: series.labels, datasets: lines(series) },
      options: {
        animation: false, responsive: true, maintainAspectRatio: false,
        plugins: { legend: { labels: { color: text, boxHeight: 1, boxWidth: 24 } } },
        scales: { x: { ticks: { color: text, maxTicksLimit: 8 }, grid: { display: false } }, y: { beginAtZero: true, ticks: { color: text } } },
      },
    })
  }
}

addEventListener('load', draw)
draw()
export {};
