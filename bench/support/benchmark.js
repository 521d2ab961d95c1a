/**
 * What all benchmarks share: their flags, alternating runs, medians, and the JSON that they print.
 *
 * A benchmark prints one object: `settings`, `machine`, `tables` (rows of figures, the first member names the row),
 * `ratios` (each with the direction that is better), `bounds` (each with its value, and whether it is met) and
 * `skipped` (what was not measured, and why). It ends with 1 when a bound is missed. A figure that was not measured is null,
 * and decides no bound.
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';

/** The middle value; of an even number the mean of the two in the middle. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
}

/**
 * The settings of this run. `short` has the numbers of a run without flags, `full` those that `--full` changes; each has
 * a flag of its own, such as `--runs 5`.
 */
export function settings(short, full = {}) {
  const names = Object.keys(short);
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
  const { values } = parseArgs({
    options: { ...options, full: { type: 'boolean' } },
    allowPositionals: true,
  });
  const defaults = { ...short, ...(values.full && full) };
  return Object.fromEntries(
    names.map((name) => {
      const value = Number(values[name] ?? defaults[name]);
      if (!(value > 0)) throw new Error(`--${name} ${values[name]}: give a number over 0.`);
      return [name, value];
    }),
  );
}

/** The figures of each side in its runs. The sides take turns, so that all see the same machine; `warmUps` runs are left out. */
export async function alternating(sides, runs, warmUps = 0) {
  const seen = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let run = -warmUps; run < runs; run += 1) {
    for (const [name, side] of Object.entries(sides)) {
      const figures = await side();
      if (run >= 0) seen[name].push(figures);
    }
  }
  return seen;
}

/** The median of each figure of each side; of sides whose runs are numbers, that of the runs. */
export function medians(seen) {
  return Object.fromEntries(
    Object.entries(seen).map(([name, runs]) => [
      name,
      typeof runs[0] === 'object' ? mediansOf(runs) : median(runs),
    ]),
  );
}

function mediansOf(runs) {
  const numbers = Object.keys(runs[0]).filter((figure) => typeof runs[0][figure] === 'number');
  return Object.fromEntries(
    numbers.map((figure) => [figure, median(runs.map((run) => run[figure]))]),
  );
}

/** A ratio to a peer. One that could not be measured is null. */
export function ratio(name, value, better = 'higher') {
  return { ratio: name, value: rounded(value), better };
}

export function atLeast(name, value, bound) {
  return { of: name, value: rounded(value), atLeast: bound, isMet: met(value, value >= bound) };
}

export function atMost(name, value, bound) {
  return { of: name, value: rounded(value), atMost: bound, isMet: met(value, value <= bound) };
}

function met(value, isMet) {
  return Number.isFinite(value) ? isMet : null;
}

/** Three significant digits, and all digits of whole numbers below ten million; null for what is not a number. */
export function rounded(value) {
  if (typeof value !== 'number') return value ?? null;
  if (!Number.isFinite(value)) return null;
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
}

/**
 * Prints the result of a benchmark. A table may have a `plot`: the file of docs/ that shows its columns over the first one, and whether
 * figures have a logarithmic scale; `columns` names those that are shown.
 */
export function publish({ settings: given = {}, tables, ratios = [], bounds = [], skipped = [] }) {
  const rounder = (row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, rounded(value)]));
  const result = {
    benchmark: basename(process.argv[1], '.js'),
    at: new Date().toISOString(),
    machine: machine(),
    settings: given,
    tables: tables.map(({ rows, ...table }) => ({ ...table, rows: rows.map(rounder) })),
    ratios,
    bounds,
    skipped,
  };
  console.log(JSON.stringify(result, undefined, 2));
  process.exitCode = bounds.some(({ isMet }) => isMet === false) ? 1 : 0;
}

/** Ends a benchmark that cannot run here, and says why; where everything is required it has failed. */
export function skip(why) {
  publish({ tables: [], skipped: [why] });
  process.exit(process.env.FRAUDSTREAM_REQUIRE_ALL === '1' ? 1 : 0);
}

function machine() {
  return {
    node: process.version,
    cpu: cpus()[0].model.trim(),
    cores: availableParallelism(),
    load: Number(loadavg()[0].toFixed(1)),
  };
}
