// Draws the time series the server has computed: points, centre, limits, target, marks. The numbers also stand in a table beside it.

/**
 * @typedef {(number | null)[]} Line
 * @typedef {{labels: string[], values: Line, centre: Line, lower: Line, upper: Line, target: number | null, hollow: boolean[],
 *   outside: boolean[], imported: boolean[], names: string[], marks: {at: number, n: number}[], urls?: string[]}} Series
 * @typedef {{ctx: CanvasRenderingContext2D, chartArea: {top: number, bottom: number}, scales: {x: {getPixelForValue: (at: number) => number}}}} Drawn
 * @typedef {new (canvas: HTMLCanvasElement, config: object) => {destroy: () => void}} ChartClass
 */

/** @param {string} name */
const colour = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();

/** @param {Series} series @returns {object[]} */
function lines(series) {
  const accent = colour('--ds-color-accent-base-default');
  const paper = colour('--ds-color-neutral-background-default');
  const subtle = colour('--ds-color-neutral-text-subtle');
  const danger = colour('--ds-color-danger-base-default');
  const point = series.values.map((_, at) => (series.outside[at] ? danger : accent));
  const found = [{
    label: series.names[0], data: series.values, borderColor: accent, borderWidth: 2, spanGaps: false, pointHoverRadius: 7,
    pointRadius: series.outside.map((out) => (out ? 7 : 4)), pointStyle: series.outside.map((out, at) => (out ? 'rectRot' : series.imported[at] ? 'rect' : 'circle')),
    pointBorderColor: point, pointBackgroundColor: series.hollow.map((hollow, at) => (hollow ? paper : point[at])),
  }];
  const straight = (/** @type {string} */ label, /** @type {Line} */ data, /** @type {number[]} */ dash) =>
    ({ label, data, borderColor: subtle, borderWidth: 1.5, borderDash: dash, pointRadius: 0, pointHoverRadius: 0, stepped: 'middle' });
  const rest = [straight(series.names[1], series.centre, [])];
  if (series.target !== null) rest.push(straight(series.names[2], series.labels.map(() => series.target), [6, 4]));
  if (series.lower.some((one) => one !== null)) rest.push(straight(series.names[3], series.lower, [2, 3]));
  if (series.upper.some((one) => one !== null)) rest.push(straight(series.names[4], series.upper, [2, 3]));
  return [...found, ...rest];
}

/** An upright line and a number where something was noted. @param {Series} series */
const marks = (series) => ({
  id: 'marks',
  afterDatasetsDraw(/** @type {Drawn} */ chart) {
    const { ctx, chartArea: { top, bottom }, scales: { x } } = chart;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = colour('--ds-color-neutral-text-default');
    ctx.setLineDash([3, 3]);
    for (const { at, n } of series.marks) {
      const place = x.getPixelForValue(at);
      ctx.beginPath();
      ctx.moveTo(place, top);
      ctx.lineTo(place, bottom);
      ctx.stroke();
      ctx.fillText(String(n), place + 3, top + 10);
    }
    ctx.restore();
  },
});

/** @type {Map<HTMLCanvasElement, {destroy: () => void}>} */
const charts = new Map();

function draw() {
  const Chart = /** @type {ChartClass | undefined} */ (/** @type {any} */ (window).Chart);
  if (!Chart) return;
  for (const [canvas, chart] of charts) {
    if (canvas.isConnected) continue;
    chart.destroy();
    charts.delete(canvas);
  }
  for (const canvas of document.querySelectorAll('canvas[data-measure]')) {
    if (canvas instanceof HTMLCanvasElement && !charts.has(canvas)) charts.set(canvas, show(Chart, canvas));
  }
}

/** @param {ChartClass} Chart @param {HTMLCanvasElement} canvas */
function show(Chart, canvas) {
  const series = /** @type {Series} */ (JSON.parse(canvas.dataset.measure ?? '{}'));
  const text = colour('--ds-color-neutral-text-subtle');
  return new Chart(canvas, {
    type: 'line',
    data: { labels: series.labels, datasets: lines(series) },
    plugins: [marks(series)],
    options: {
      animation: false, responsive: true, maintainAspectRatio: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      onClick: (/** @type {unknown} */ _event, /** @type {{index: number}[]} */ hit) => {
        const url = hit[0] && series.urls?.[hit[0].index];
        if (url) location.assign(url);
      },
      plugins: { legend: { labels: { color: text, boxHeight: 1, boxWidth: 24 } } },
      scales: { x: { ticks: { color: text, maxTicksLimit: 8 }, grid: { display: false } }, y: { beginAtZero: true, ticks: { color: text } } },
    },
  });
}

/** Lines no wider than that. @param {CanvasRenderingContext2D} ctx @param {string} text @param {number} width */
function wrapped(ctx, text, width) {
  const found = [''];
  for (const word of text.split(' ')) {
    const longer = `${found[found.length - 1]} ${word}`.trim();
    if (ctx.measureText(longer).width <= width) found[found.length - 1] = longer;
    else found.push(word);
  }
  return found;
}

/** The first chart as a picture, with what it must not be read without. @param {string} name @param {string} told */
function save(name, told) {
  const canvas = /** @type {HTMLCanvasElement | null} */ (document.querySelector('#_one canvas[data-measure]'));
  if (!canvas) return;
  const copy = Object.assign(document.createElement('canvas'), { width: canvas.width, height: 1 });
  const ctx = /** @type {CanvasRenderingContext2D} */ (copy.getContext('2d'));
  const step = Math.round(18 * canvas.width / Math.max(1, canvas.clientWidth));
  const font = `${Math.round(step * 0.75)}px sans-serif`;
  ctx.font = font;
  const lines = told.split('\n').flatMap((text) => wrapped(ctx, text, canvas.width - step));
  const top = step * (lines.length + 1);
  copy.height = top + canvas.height;
  ctx.fillStyle = colour('--ds-color-neutral-background-default');
  ctx.fillRect(0, 0, copy.width, copy.height);
  ctx.fillStyle = colour('--ds-color-neutral-text-default');
  ctx.font = font;
  lines.forEach((text, n) => ctx.fillText(text, step / 2, step * (n + 1)));
  ctx.drawImage(canvas, 0, top);
  copy.toBlob((blob) => {
    if (!blob) return;
    const url = URL.createObjectURL(blob);
    Object.assign(document.createElement('a'), { href: url, download: name }).click();
    URL.revokeObjectURL(url);
  });
}

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('[data-picture]') : null;
  if (button instanceof HTMLElement) save(button.dataset.picture ?? 'chart.png', button.dataset.told ?? '');
});
addEventListener('load', draw);
document.addEventListener('htmx:after:swap', draw);
draw();
export {};
