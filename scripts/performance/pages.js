/**
 * Fills the tables of docs/performance*.md from docs/performance.json: `node scripts/performance/pages.js`.
 *
 * A page marks where the tables of a benchmark stand: `<!-- bench:codec -->` before and `<!-- /bench:codec -->` behind. Between
 * the marks nothing is written by hand. `<!-- bench:bounds -->` is the list of all bounds.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { boundText, grouped } from './compare.js';
import { plotted } from './plots.js';

const docs = join(import.meta.dirname, '..', '..', 'docs');
const REGION = /<!-- bench:([\w-]+) -->\n[\s\S]*?<!-- \/bench:\1 -->/g;

/** Where the results are that the pages show. */
export const resultsPath = join(docs, 'performance.json');

/** The pages that show them. */
export const pagePaths = readdirSync(docs)
  .filter((name) => /^performance.*\.md$/.test(name))
  .map((name) => join(docs, name));

/** Writes each page anew. */
export function fillPages() {
  const results = JSON.parse(readFileSync(resultsPath, 'utf8'));
  for (const path of pagePaths) writeFileSync(path, filled(readFileSync(path, 'utf8'), results));
  for (const { path, svg } of plotsOf(results)) writeFileSync(path, svg);
}

/** The plots of the results, each with its file. */
export function plotsOf(results) {
  return Object.values(results)
    .flatMap(({ tables }) => tables)
    .filter(({ plot }) => plot !== undefined)
    .map((table) => ({ path: join(docs, table.plot.file), svg: plotted(table) }));
}

/** A page with the tables of the results between its marks. */
export function filled(page, results) {
  return page.replace(REGION, (_, name) => {
    const text = name === 'bounds' ? boundsOfAll(results) : tablesOf(results[name]);
    return `<!-- bench:${name} -->\n${text}\n<!-- /bench:${name} -->`;
  });
}

/** Benchmarks that no page shows. */
export function unshown(pages, results) {
  return Object.keys(results).filter(
    (name) => !pages.some((page) => page.includes(`<!-- bench:${name} -->`)),
  );
}

function boundsOfAll(results) {
  const rows = Object.entries(results).flatMap(([benchmark, { bounds }]) =>
    bounds.map((bound) => ({
      benchmark,
      figure: bound.of,
      value: bound.value,
      bound: boundText(bound),
      '': metText(bound.isMet),
    })),
  );
  return table(rows);
}

function tablesOf(result) {
  if (result === undefined) return 'Not measured yet.';
  const { tables, bounds, skipped } = result;
  const parts = tables.map(({ title, rows, plot }) =>
    [`${title}:`, ...(plot ? [`![${title}](${plot.file})`] : []), table(rows)].join('\n\n'),
  );
  if (bounds.length > 0) parts.push(`Bounds: ${bounds.map(boundSentence).join('; ')}.`);
  if (skipped.length > 0) parts.push(`Not measured: ${skipped.join('; ')}.`);
  return [...parts, `<sub>${source(result)}</sub>`].join('\n\n');
}

function boundSentence(bound) {
  return `${bound.of} ${boundText(bound)} (${grouped(bound.value ?? 'none')}, ${metText(bound.isMet)})`;
}

function metText(isMet) {
  if (isMet === null) return 'not measured';
  return isMet ? 'met' : '**missed**';
}

function source({ at, machine, settings }) {
  const { node, cpu, cores, load } = machine;
  const given = Object.entries(settings).map(([name, value]) => `${name} ${grouped(value)}`);
  return [at.slice(0, 10), `${cpu}, ${cores} cores, load ${load}`, `Node ${node}`, ...given].join(
    '; ',
  );
}

function table(rows) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [
    line(columns),
    `|${'---|'.repeat(columns.length)}`,
    ...rows.map((row) => line(columns.map((column) => grouped(row[column] ?? '')))),
  ].join('\n');
}

if (process.argv[1] === import.meta.filename) fillPages();
