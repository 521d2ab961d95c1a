import type { CodeCount } from '../../metrics/tally.ts';
import type { ProfileSummary } from '../../metrics/transaction-profile.ts';
import { amount, count, percent, short } from '../../text/format.ts';

/**
 * One view of a profile, as a table and, where `chart` says so, as a chart.
 *
 * `cells` stand behind the label of each row as text; `value` is what the chart shows of it, `at`
 * where on its axis, in epoch seconds for a line over time.
 */
export interface Section {
  readonly title: string;
  readonly headings: readonly string[];
  readonly rows: readonly SectionRow[];
  readonly chart?: { readonly kind: 'bars' | 'line'; readonly yLabel: string };
}

export interface SectionRow {
  readonly label: string;
  readonly cells: readonly string[];
  readonly value: number;
  readonly at?: number;
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const COUNT_HEADINGS = ['transactions', 'share'];

/** A profile as a list of views. */
export function sections(profile: ProfileSummary): readonly Section[] {
  return [
    overTime(profile),
    counts('Transactions by type', 'type', profile.types, profile.count),
    counts('Transactions by channel', 'channel', profile.channels, profile.count),
    amounts(profile),
    amountBins(profile),
    byNumber('Transactions by local hour', 'hour', profile.localHours, profile.count),
    byNumber('Transactions by local day', 'day', profile.localDays, profile.count, DAYS),
    counts('Transactions by country of the card', 'country', profile.cardCountries, profile.count),
    counts(
      'Transactions by country of the merchant',
      'country',
      profile.merchantCountries,
      profile.count,
    ),
    counts('Transactions by merchant category', 'MCC', profile.categories, profile.count),
    counts('Transactions by currency', 'currency', profile.currencies, profile.count),
    counts('Declined transactions by response code', 'code', declines(profile), profile.count),
    counts(
      'Transactions by family of the source address',
      'family',
      profile.addresses,
      profile.count,
    ),
    counts('Frauds by scenario', 'scenario', profile.scenarios, profile.frauds),
  ];
}

function overTime({ timeline: { binMs, bins } }: ProfileSummary): Section {
  const seconds = binMs / 1000;
  return {
    title: `Transactions per second of event time, by ${binMs / 3_600_000} h`,
    headings: ['from (UTC)', 'transactions', 'per second', 'frauds'],
    rows: bins.map(({ fromMs, count: made, marked }) => ({
      label: new Date(fromMs).toISOString().slice(0, 16),
      cells: [count(made), short(made / seconds), count(marked)],
      value: made / seconds,
      at: fromMs / 1000,
    })),
    chart: { kind: 'line', yLabel: 'transactions per second' },
  };
}

/** One row for each code; nothing to be seen where nothing happened. */
function counts(
  title: string,
  heading: string,
  found: readonly CodeCount[],
  total: number,
): Section {
  const rows = found.map(({ code, count: made }) => countRow(code, made, total));
  return { title, headings: [heading, ...COUNT_HEADINGS], rows, chart: COUNT_CHART };
}

function byNumber(
  title: string,
  heading: string,
  found: readonly number[],
  total: number,
  names: readonly string[] = found.map((_, place) => String(place).padStart(2, '0')),
): Section {
  const rows = found.map((made, place) => countRow(names[place] ?? '', made, total));
  return { title, headings: [heading, ...COUNT_HEADINGS], rows, chart: COUNT_CHART };
}

const COUNT_CHART = { kind: 'bars', yLabel: 'transactions' } as const;

function countRow(label: string, made: number, total: number): SectionRow {
  return { label, cells: [count(made), percent(made / total)], value: made };
}

function declines({ responses }: ProfileSummary): readonly CodeCount[] {
  return responses.filter(({ code }) => code !== '00');
}

function amounts({ amounts: channels }: ProfileSummary): Section {
  const shares = channels[0]?.quantilesUsd.map(({ share }) => percentile(share)) ?? [];
  return {
    title: 'Amounts in US dollars, by channel',
    headings: ['channel', ...shares],
    rows: channels.map(({ channel, count: made, quantilesUsd }) => ({
      label: channel,
      cells: quantilesUsd.map(({ usd }) => amount(usd)),
      value: made,
    })),
  };
}

function percentile(share: number): string {
  return share === 0.5 ? 'median' : `p${Math.round(share * 100)}`;
}

function amountBins({ amountBinsUsd, count: total }: ProfileSummary): Section {
  const rows = amountBinsUsd.map(({ from, count: made }) => countRow(amount(from), made, total));
  return {
    title: 'Amounts in US dollars, on a scale of ratios',
    headings: ['from', ...COUNT_HEADINGS],
    rows,
    chart: COUNT_CHART,
  };
}

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

/** The chart library as text, to be put into the page. */
export interface ChartLibrary {
  readonly script: string;
  readonly style: string;
}

/** A profile as one page that needs nothing else: charts, and each as a table as well. */
export function profilePage(
  title: string,
  lead: string,
  profile: ProfileSummary,
  library: ChartLibrary,
): string {
  const views = sections(profile).filter(({ rows }) => rows.length > 0);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${library.style}${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p>${escaped(lead)}</p>
${views.map(figure).join('\n')}
</main>
<script>${library.script}</script>
<script type="application/json" id="charts">${dataOf(views)}</script>
<script>${CHART_SCRIPT}</script>
</body>
</html>
`;
}

function figure(section: Section, place: number): string {
  const { title, chart } = section;
  const caption = `<figcaption><h2>${escaped(title)}</h2></figcaption>`;
  if (!chart) return `<figure>${caption}${tableOf(section)}</figure>`;
  const canvas = `<div class="chart" id="chart-${place}" role="img" aria-label="${escaped(title)}; the table below says the same"></div>`;
  const table = `<details><summary>As a table</summary>${tableOf(section)}</details>`;
  return `<figure>${caption}${canvas}${table}</figure>`;
}

function tableOf({ headings, rows }: Section): string {
  const head = headings.map((heading) => `<th scope="col">${escaped(heading)}</th>`).join('');
  const body = rows.map(({ label, cells }) => {
    const numbers = cells.map((cell) => `<td>${escaped(cell)}</td>`).join('');
    return `<tr><th scope="row">${escaped(label)}</th>${numbers}</tr>`;
  });
  return `<div class="table"><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

/** What the charts show; no text in it can end the element that it stands in. */
function dataOf(views: readonly Section[]): string {
  const charts = views.flatMap(({ title, headings, rows, chart }, place) =>
    chart
      ? [
          {
            id: `chart-${place}`,
            title,
            kind: chart.kind,
            xLabel: headings[0],
            yLabel: chart.yLabel,
            labels: rows.map(({ label }) => label),
            x: rows.map(({ at }, row) => at ?? row),
            y: rows.map(({ value }) => value),
          },
        ]
      : [],
  );
  return JSON.stringify(charts).replaceAll('<', '\\u003c');
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '"': '&quot;' };
  return text.replace(/[&<"]/g, (letter) => entities[letter] ?? letter);
}
