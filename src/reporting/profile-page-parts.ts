/** Readable from 400 px on, light or dark as the system is. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1b2430; --paper: #fff; --quiet: #d7dde5; --mark: #2563eb; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaf0; --paper: #12161c; --quiet: #333c48; --mark: #7ab0ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 0 0 .5rem; }
figure { margin: 2rem 0; }
.chart { width: 100%; min-height: 260px; }
.table { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .15rem .75rem .15rem 0; text-align: right; border-bottom: 1px solid var(--quiet); }
th:first-child { text-align: left; font-weight: normal; }
thead th { font-weight: 600; }
summary { cursor: pointer; }
.u-legend { font-size: .85rem; }
`;

/** Draws every chart of the page, again when its width or the colours change. */
export const CHART_SCRIPT = `
const charts = JSON.parse(document.getElementById('charts').textContent);
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const short = (value) => Intl.NumberFormat('en', { notation: 'compact' }).format(value);
const drawn = new Map();

function axes(chart, isTime, isCrowded) {
  const look = { stroke: colour('--ink'), grid: { stroke: colour('--quiet'), width: 1 }, ticks: { stroke: colour('--quiet') } };
  const names = {
    splits: () => chart.x,
    values: (_, places) => places.map((place) => chart.labels[place]),
    rotate: isCrowded ? -90 : 0,
    size: isCrowded ? 90 : 50,
    grid: { show: false },
  };
  return [
    { ...look, label: chart.xLabel, ...(isTime ? {} : names) },
    { ...look, label: chart.yLabel, size: 60, values: (_, values) => values.map(short) },
  ];
}

function draw(chart) {
  const box = document.getElementById(chart.id);
  drawn.get(chart.id)?.destroy();
  const isTime = chart.kind === 'line';
  const mark = colour('--mark');
  const bars = { paths: uPlot.paths.bars({ size: [0.8, 60] }), fill: mark, points: { show: false } };
  const known = (_, place) => (place == null ? '' : isTime ? chart.labels[chart.x.indexOf(place)] : chart.labels[place]);
  const options = {
    width: box.clientWidth,
    height: 260,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    scales: {
      x: { time: isTime, ...(isTime ? {} : { range: [-0.6, chart.x.length - 0.4] }) },
      y: { range: (_, low, high) => [0, high * 1.05 || 1] },
    },
    axes: axes(chart, isTime, chart.labels.length * 42 > box.clientWidth),
    series: [
      { label: chart.xLabel, value: known },
      { label: chart.yLabel, stroke: mark, width: isTime ? 1.5 : 0, ...(isTime ? {} : bars) },
    ],
  };
  drawn.set(chart.id, new uPlot(options, [chart.x, chart.y], box));
}

const drawAll = () => charts.forEach(draw);
drawAll();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
let width = innerWidth;
addEventListener('resize', () => {
  if (innerWidth !== width) drawAll();
  width = innerWidth;
});
`;
