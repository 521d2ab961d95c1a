/**
 * Reads foreign tables with a mapping, ours beside a parser alone: CSV beside `csv-parse`, Parquet beside `hyparquet`.
 *
 * Run `npm run build && node bench/foreign.js`: JSON on stdout, exit code 1 when a bound is broken. Rows a second of one core, by
 * the processor time of all threads. Ours also maps eight fields, checks them, and writes the line that is sent; the parsers give objects and
 * do nothing with them. Tasks take turns, figures are medians.
 */
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { mappingOf } from '../dist/files/mapping/mapping-file.js';
import { recorded } from '../dist/files/recorded-transactions.js';
import { alternating, atLeast, medians, publish, ratio, settings } from './support/benchmark.js';

const given = settings({ runs: 3 }, { runs: 5 });
const ROWS = 300_000;
const bounds = { csv: 250_000, parquet: 100_000 };
const folder = mkdtempSync(join(tmpdir(), 'fraudstream-bench-'));

const columns = {
  id: (row) => `T${row}`,
  at: (row) =>
    new Date(1_700_000_000_000 + row * 1000).toISOString().slice(0, 19).replace('T', ' '),
  card: (row) => `c${row % 5000}`,
  merchant: (row) => `merchant ${row % 700}`,
  amt: (row) => ((row % 100_000) / 100).toFixed(2),
  cur: () => 'USD',
  mcc: () => '5411',
  label: (row) => String(Number(row % 100 === 0)),
  city: () => 'Springfield',
  lat: (row) => String(40 + (row % 1000) / 1000),
};
const names = Object.keys(columns);
const map =
  'transaction_id=id,event_time=at,card_id=card,merchant_id=merchant,amount=amt,currency=cur,mcc=mcc,is_fraud=label';

try {
  const mapping = await mappingOf([map]);
  const ours = (format) => (path) => read(path, format, mapping);
  const csv = await measured(csvFile(), { ours: ours('csv'), parser: csvParse });
  const parquet = await measured(parquetFile(), { ours: ours('parquet'), parser: hyparquet });
  const row = (format, of, parser) => ({
    format,
    'rows/s': of.ours,
    parser,
    'rows/s of the parser': of.parser,
    ratio: of.ours / of.parser,
  });
  publish({
    settings: { ...given, rows: ROWS, columns: names.length },
    tables: [
      {
        title: 'Tables of another schema, for each second of a processor',
        rows: [row('CSV', csv, 'csv-parse'), row('Parquet', parquet, 'hyparquet')],
      },
    ],
    ratios: [
      ratio('CSV over csv-parse', csv.ours / csv.parser),
      ratio('Parquet over hyparquet', parquet.ours / parquet.parser),
    ],
    bounds: [
      atLeast('CSV, rows/s', csv.ours, bounds.csv),
      atLeast('Parquet, rows/s', parquet.ours, bounds.parquet),
    ],
  });
} finally {
  rmSync(folder, { recursive: true });
}

async function measured(path, tasks) {
  const sides = Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      async () => {
        const before = process.cpuUsage();
        if ((await task(path)) !== ROWS) throw new Error('a row was lost');
        const { user, system } = process.cpuUsage(before);
        return ROWS / ((user + system) / 1e6);
      },
    ]),
  );
  return medians(await alternating(sides, given.runs));
}

async function read(path, format, mapping) {
  let count = 0;
  const reject = ({ reason }) => {
    throw new Error(reason);
  };
  const form = { paths: [path], input: undefined, s3: {}, format, mapping, reject };
  for await (const group of recorded(form)) count += group.length;
  return count;
}

async function csvParse(path) {
  let count = 0;
  for await (const row of createReadStream(path).pipe(parse({ columns: true }))) {
    if (row.id) count += 1;
  }
  return count;
}

async function hyparquet(path) {
  return (await parquetReadObjects({ file: await asyncBufferFromFile(path) })).length;
}

function csvFile() {
  const path = join(folder, 'foreign.csv');
  const lines = Array.from({ length: ROWS }, (_, row) =>
    names.map((name) => columns[name](row)).join(','),
  );
  writeFileSync(path, `${[names.join(','), ...lines].join('\n')}\n`);
  return path;
}

function parquetFile() {
  const path = join(folder, 'foreign.parquet');
  const columnData = names.map((name) => ({
    name,
    data: Array.from({ length: ROWS }, (_, row) => columns[name](row)),
    type: 'STRING',
  }));
  writeFileSync(path, Buffer.from(parquetWriteBuffer({ columnData })));
  return path;
}
