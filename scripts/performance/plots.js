/** Plots of tables as SVG: lines over the first column, whose axis is logarithmic. */

const SIZE = { width: 680, height: 380, left: 64, right: 150, top: 36, bottom: 52 };
/** Apart for all eyes by their dashes, too. */
const STYLES = [
  { colour: '#0a6', dash: '' },
  { colour: '#c33', dash: '6 4' },
  { colour: '#248', dash: '2 3' },
  { colour: '#850', dash: '9 3 2 3' },
];

/** The columns of a table over its first one. Cells that are null are left out. */
export function plotted({ title, rows, plot: { isLogarithmic, columns } }) {
  const [over, ...others] = Object.keys(rows[0]);
  const names = columns ?? others;
  const values = names.flatMap((name) => rows.map((row) => row[name])).filter(isNumber);
  const x = scale(
    rows.map((row) => row[over]),
    true,
    [SIZE.left, SIZE.width - SIZE.right],
  );
  const y = scale(values, isLogarithmic, [SIZE.height - SIZE.bottom, SIZE.top]);
  const bottom = SIZE.height - SIZE.bottom;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" font-family="sans-serif" font-size="12">`,
    `<title>${title}</title>`,
    `<rect width="${SIZE.width}" height="${SIZE.height}" fill="#fff"/>`,
    text(SIZE.left, 20, title, 'start'),
    `<path d="M${SIZE.left},${SIZE.top}V${bottom}H${SIZE.width - SIZE.right}" fill="none" stroke="#888"/>`,
    ...rows.map((row) => text(x.at(row[over]), bottom + 18, short(row[over]))),
    ...y.ticks.map((tick) => text(SIZE.left - 8, y.at(tick) + 4, short(tick), 'end')),
    ...names.map((name, index) => line(name, index)),
    text((SIZE.left + SIZE.width - SIZE.right) / 2, SIZE.height - 12, over),
    '</svg>',
    '',
  ].join('\n');

  function line(name, index) {
    const { colour, dash } = STYLES[index % STYLES.length];
    const points = rows.filter((row) => isNumber(row[name]));
    const path = points.map((row) => `${x.at(row[over])},${y.at(row[name])}`).join(' ');
    const last = points.at(-1);
    return [
      `<polyline fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}" points="${path}"/>`,
      `<text x="${Number(x.at(last[over])) + 8}" y="${Number(y.at(last[name])) + 4}" fill="${colour}">${name}</text>`,
    ].join('\n');
  }
}

/** From values to a pixel, and some values to write beside the axis. */
function scale(values, isLogarithmic, [from, to]) {
  const of = isLogarithmic ? Math.log10 : (value) => value;
  const [least, most] = isLogarithmic
    ? [Math.min(...values), Math.max(...values)]
    : [0, Math.max(...values)];
  const width = of(most) - of(least) || 1;
  const at = (value) => (from + ((of(value) - of(least)) * (to - from)) / width).toFixed(1);
  return { at, ticks: isLogarithmic ? decades(least, most) : quarters(most) };
}

function decades(least, most) {
  const first = Math.ceil(Math.log10(least));
  const count = Math.floor(Math.log10(most)) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => 10 ** (first + index));
}

function quarters(most) {
  return [0, 0.25, 0.5, 0.75, 1].map((share) => Number((share * most).toPrecision(2)));
}

function isNumber(value) {
  return typeof value === 'number';
}

function short(value) {
  if (value >= 1e6) return `${value / 1e6} M`;
  return value >= 1e4 ? `${value / 1e3} k` : String(value);
}

function text(x, y, words, anchor = 'middle') {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`;
}
