// Draws the bars the server has counted; it computes nothing. The numbers also stand in a table beside it.

/**
 * @typedef {{labels: string[], values: number[], name: string}} Bars
 * @typedef {new (canvas: HTMLCanvasElement, config: object) => unknown} ChartClass
 */

/** @param {string} name */
const colour = (name) => getComputedStyle(document.body).getPropertyValue(name).trim()

function draw() {
  const Chart = /** @type {ChartClass | undefined} */ (/** @type {any} */ (window).Chart)
  if (!Chart) return
  for (const canvas of document.querySelectorAll('canvas[data-chart]:not([data-drawn])')) {
    if (!(canvas instanceof HTMLCanvasElement)) continue
    canvas.dataset.drawn = 'yes'
    const bars = /** @type {Bars} */ (JSON.parse(canvas.dataset.chart ?? '{}'))
    const text = colour('--ds-color-neutral-text-subtle')
    new Chart(canvas, {
      type: 'bar',
      data: { labels: bars.labels, datasets: [{ label: bars.name, data: bars.values, backgroundColor: colour('--ds-color-accent-base-default'), borderRadius: 6 }] },
      options: {
        animation: false, responsive: true, maintainAspectRatio: false,
        plugins: { legend: { display: false } },
        scales: { x: { ticks: { color: text }, grid: { display: false } }, y: { beginAtZero: true, ticks: { color: text, precision: 0 } } },
      },
    })
  }
}

addEventListener('load', draw)
document.addEventListener('htmx:after:swap', draw)
draw()
