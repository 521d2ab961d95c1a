import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  type EmbeddedKinesis,
  startEmbeddedKinesis,
} from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { LabelledFeatures } from '../../dist/features/labelled-features.js';
import { featureNames } from '../../dist/features/manifest.js';
import { ipRanges } from '../../dist/geoip/ip-ranges.js';
import { loadModel, probability } from '../../dist/model/model.js';
import { modelBytes } from '../../dist/model/shipped-model.js';
import { parseTransaction, type Transaction } from '../../dist/transactions/transaction.js';
import {
  DELAY_MS,
  type ForeignFaults,
  type ForeignForm,
  foreignPipeline,
} from '../support/foreign-pipeline.ts';
import { type Ended, fraudstream, local } from '../support/fraudstream.ts';

const COUNT = 600;
/** Lines of a recording that comes through a stream; the 200,000 with `FRAUDSTREAM_LINES=200000`. */
const LINES = Number(process.env.FRAUDSTREAM_LINES ?? 5_000);
const SHIFTED = Math.max(2_000, LINES - 20_000);

interface Known {
  readonly id: string;
  /** By the rule of the foreign pipelines. */
  readonly isAlert: boolean;
  readonly isFraud: boolean;
}

let kinesis: EmbeddedKinesis;
let folder: string;
let known: readonly Known[];
before(async () => {
  const streams = Object.fromEntries(
    ['alerts', 'rows', 'bytes', 'features'].flatMap((name) => [
      [`${name}-in`, 1],
      [`${name}-out`, 1],
      [`${name}-dead`, 1],
    ]),
  );
  kinesis = await startEmbeddedKinesis({ streams, shardLimits: 'none' });
  folder = await mkdtemp(join(tmpdir(), 'fraudstream-contract-'));
  const { out } = await fraudstream([
    ...['generate', '--count', String(COUNT), '--seed', '5', '--fraud-rate', '10%'],
    ...['--labels', 'inline'],
  ]);
  known = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map(({ transaction_id: id, amount_minor: minor, is_fraud: isFraud }) => ({
      ...{ id, isFraud },
      isAlert: minor % 3 === 0,
    }));
});
after(async () => {
  await kinesis.close();
  await rm(folder, { recursive: true });
});

const there = (): Record<string, string> => ({ ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url });
const idsOf = (some: readonly Known[]): readonly string[] => some.map(({ id }) => id);

async function contract(name: string, text: string): Promise<string> {
  const path = join(folder, `${name}.yaml`);
  await writeFile(path, text);
  return path;
}

/** Runs the transactions of the known world through a foreign pipeline. */
async function driven(
  name: string,
  path: string,
  form: ForeignForm,
  faults: ForeignFaults,
  flags: readonly string[] = [],
): Promise<Ended> {
  const streams = [`${name}-in`, `${name}-out`, `${name}-dead`] as const;
  const pipeline = await foreignPipeline(kinesis.url, streams, form, faults);
  const ended = await fraudstream(
    [
      ...['run', '--contract', path, '--output', 'json', '--progress', 'none'],
      ...['--stream', streams[0], '--verdict-stream', streams[1], '--reject-stream', streams[2]],
      ...['--count', String(COUNT), '--seed', '5', '--fraud-rate', '10%', '--rate', '600/s'],
      ...['--warm-up', '0s', '--late-after', `${DELAY_MS - 3_000}ms`, '--drain', '25s', ...flags],
    ],
    there(),
  );
  await pipeline.close();
  return ended;
}

/** The confusion matrix of what the pipeline has said. */
function confusion(isFound: (one: Known) => boolean): Record<string, number> {
  const count = (isFraud: boolean, isAlarm: boolean): number =>
    known.filter((one) => one.isFraud === isFraud && isFound(one) === isAlarm).length;
  return {
    true_positives: count(true, true),
    false_positives: count(false, true),
    false_negatives: count(true, false),
    true_negatives: count(false, false),
  };
}

const picked = (from: Record<string, unknown>, like: object): object =>
  Object.fromEntries(Object.keys(like).map((key) => [key, from[key]]));

const NESTED = `
transactions:
  payload:
    event: { eventId: $transaction_id, at: { field: event_time, as: epoch-milliseconds } }
    card: { token: $card_id }
    money: { minor: $amount_minor, ccy: $currency }
    email: { faker: internet.email, per: card_id }
verdicts:
  id: /alert/eventId
  decision: { at: /alert/action, fraud: [BLOCK] }
  emits: frauds
  checks:
    named: { at: /alert/rule, in: [R1] }
`;

test('a pipeline of nested JSON that sends alerts only: silence is predicted genuine, missing is not judged', async () => {
  const alerts = known.filter(({ isAlert }) => isAlert);
  const quiet = known.filter(({ isAlert }) => !isAlert);
  const faults = {
    drop: idsOf(alerts.slice(0, 5)),
    double: idsOf(alerts.slice(5, 9)),
    delay: idsOf(alerts.slice(9, 12)),
    flip: [...idsOf(alerts.slice(12, 15)), ...idsOf(quiet.slice(0, 4))],
    nonsense: [Buffer.from('no JSON'), Buffer.from('{"alert":{"action":"BLOCK"}}')],
  };
  const path = await contract('alerts', NESTED);
  const form: ForeignForm = {
    read: (data) => {
      const { event, money } = JSON.parse(Buffer.from(data).toString());
      return { id: event.eventId, isFraud: money.minor % 3 === 0 };
    },
    verdict: (id, isFraud) =>
      isFraud
        ? Buffer.from(JSON.stringify({ alert: { eventId: id, action: 'BLOCK', rule: 'R1' } }))
        : undefined,
  };
  const limits = ['--fail-if', 'missing > 0', '--fail-if', 'checks.named < 100%'];
  const ended = await driven('alerts', path, form, faults, limits);
  const report = JSON.parse(ended.out);
  assert.equal(ended.code, 0, ended.err + JSON.stringify(report.outcome));
  const { correlation, quality, checks } = report;
  const sent = alerts.length - 5 - 3 + 4;
  assert.equal(correlation.matched + correlation.late, sent);
  assert.deepEqual([correlation.late, correlation.identical], [3, 4]);
  assert.deepEqual([...correlation.examples.late].sort(), [...faults.delay].sort());
  assert.deepEqual([...correlation.examples.duplicate].sort(), [...faults.double].sort());
  assert.deepEqual([correlation.silent, correlation.missing], [COUNT - sent, null]);
  assert.equal(quality.judged_by, 'decisions');
  assert.deepEqual([quality.roc_auc, quality.average_precision], [null, null]);
  const isFound = ({ id, isAlert }: Known): boolean =>
    !faults.drop.includes(id) && isAlert !== faults.flip.includes(id);
  const expected = confusion(isFound);
  assert.deepEqual(picked(quality, expected), expected);
  assert.deepEqual(checks, { checked: sent + 4, named: sent + 4, examples: { named: [] } });
  assert.equal(report.unread_verdicts, 2);
  assert.match(report.unread_verdict_examples[0], /the record is not JSON .*no JSON/);
  assert.match(report.unread_verdict_examples[1], /\/alert\/eventId is absent/);
  const results = report.thresholds.map(({ passed }: { passed: boolean | null }) => passed);
  assert.deepEqual(results, [null, true]);
});

const ROWS = `
transactions:
  format: csv
  separator: ";"
  payload:
    when: { field: event_time, as: "yyyy-MM-dd HH:mm:ss.SSS" }
    id: $transaction_id
    card: $card_id
    amount: { field: amount, as: decimal, decimal-separator: "," }
    currency: $currency
verdicts:
  format: csv
  columns: [id, p, verdict, error]
  id: id
  score: { at: p, scale: 1000 }
  decision: { at: verdict, fraud: [F], genuine: [G] }
  error: error
rejects: { format: csv, columns: [why, id], id: id, reason: why }
`;

test('a pipeline of CSV: loss, duplicates, delays, flips and dead letters are reported by id', async () => {
  const take = (from: number, count: number): readonly string[] =>
    idsOf(known.slice(from, from + count));
  const faults = {
    drop: take(0, 5),
    double: take(10, 4),
    delay: take(20, 3),
    flip: take(30, 6),
    reject: take(40, 2),
  };
  const path = await contract('rows', ROWS);
  const form: ForeignForm = {
    read: (data) => {
      const [, id = '', , amount = ''] = Buffer.from(data).toString().split(';');
      return { id, isFraud: Number(amount.replace(',', '')) % 3 === 0 };
    },
    verdict: (id, isFraud) => Buffer.from(`${id},${isFraud ? 900 : 100},${isFraud ? 'F' : 'G'},`),
    reject: (id) => Buffer.from(`"no, thanks",${id}`),
  };
  const ended = await driven('rows', path, form, faults);
  const report = JSON.parse(ended.out);
  assert.equal(ended.code, 75, ended.err);
  const { correlation, quality } = report;
  assert.equal(correlation.matched, COUNT - 5 - 3 - 2);
  for (const [trouble, ids] of [
    ['missing', faults.drop],
    ['duplicate', faults.double],
    ['late', faults.delay],
    ['rejected', faults.reject],
  ] as const) {
    assert.deepEqual([...correlation.examples[trouble]].sort(), [...ids].sort(), trouble);
  }
  assert.deepEqual(report.rejects_by_reason, [{ code: 'no, thanks', count: 2 }]);
  const silent = [...faults.drop, ...faults.reject];
  const expected = confusion(
    ({ id, isAlert }) => !silent.includes(id) && isAlert !== faults.flip.includes(id),
  );
  assert.deepEqual(picked(quality, expected), expected);
  // Ranked by scores.
  assert.ok(quality.roc_auc > 0);
});

const odd = (index: number): string => {
  const at = 1_767_225_600_000 + index * 1_000;
  const pieces = [
    ` "ts" : ${at} `,
    `"id":"x${index}"`,
    '"big":12345678901234567890',
    '"zero":1.500',
    '"e":1E+3',
    `"k":"c\\u00e9${index % 50}"`,
    '"\\u006bey\\n":"\\ud83d\\udcb3 é \\/"',
    '"nested":{ "ts":1, "a":[1 ,2,{"id":"no"}] }',
  ];
  // Another order of keys for each.
  const turned = [
    ...pieces.slice(index % pieces.length),
    ...pieces.slice(0, index % pieces.length),
  ];
  return `{${turned.join(index % 2 === 0 ? ',' : ' ,\t')}}`;
};

test('--parity takes the features from their fields: what their payload lacks is missing, what verdicts have is compared', async () => {
  const path = await contract(
    'features',
    `transactions:
  payload:
    id: $transaction_id
    at: { field: event_time, as: epoch-milliseconds }
    card: $card_id
    money: { minor: $amount_minor, ccy: $currency }
    mcc: { field: mcc, as: number }
verdicts: { id: /id, score: { at: /p, scale: 100 }, features: /from }
`,
  );
  const online = new LabelledFeatures(ipRanges('documentation'));
  const model = loadModel(modelBytes(undefined, '--parity'));
  const row = new Float32Array(online.width);
  const answers = new Map<string, object>();
  const form: ForeignForm = {
    read: (data) => {
      const { id, at, card, money, mcc } = JSON.parse(Buffer.from(data).toString());
      const { transaction } = parseTransaction({
        ...{ schema_version: 1, transaction_id: id, event_time: new Date(at).toISOString() },
        ...{ card_id: card, amount_minor: money.minor, currency: money.ccy },
        mcc: String(mcc).padStart(4, '0'),
      }) as { transaction: Transaction };
      online.row(transaction, undefined, row, 0);
      const margins = new Float32Array(1);
      model.margins(row, 1, margins);
      // By their names, without those that are missing.
      const from = Object.fromEntries(
        featureNames.flatMap((name, index) => {
          const value = row[index] as number;
          return Number.isNaN(value) ? [] : [[name, value]];
        }),
      );
      answers.set(id, { id, p: 100 * probability(margins[0] ?? 0), from });
      return { id, isFraud: false };
    },
    verdict: (id) => Buffer.from(JSON.stringify(answers.get(id))),
  };
  const flags = ['--parity', 'shipped', '--drain', '30s'];
  const ended = await driven('features', path, form, {}, flags);
  assert.equal(ended.code, 0, ended.err);
  const { model: by, features } = JSON.parse(ended.out).parity;
  assert.deepEqual(
    [features.compared, features.skewed],
    [COUNT, 0],
    'by the fields of the payload',
  );
  assert.deepEqual([by.compared, by.skewed], [COUNT, 0], 'by the features of the verdicts');
  const given = [...answers.values()].map(({ from }: { from?: object }) => from ?? {});
  assert.ok(given.every((from) => 'amount_usd' in from && !('card_present' in from)));
});

test('lines that are no transactions come out of the stream byte for byte; --time-shift changes the time alone', async () => {
  const path = await contract(
    'bytes',
    'transactions: { format: raw, id: /id, event-time: { at: /ts, as: epoch-milliseconds }, partition-key: /k }',
  );
  const file = join(folder, 'odd.ndjson');
  const lines = Array.from({ length: LINES }, (_, index) => odd(index));
  await writeFile(file, `${lines.join('\n')}\n`);
  const replayed = await fraudstream(
    [
      'replay',
      file,
      '--contract',
      path,
      '--stream',
      'bytes-in',
      '--speed',
      'max',
      '--progress',
      'none',
    ],
    there(),
  );
  assert.equal(replayed.code, 0, replayed.err);
  const consumed = await fraudstream(
    ['consume', '--stream', 'bytes-in', '--from', 'trim-horizon', '--count', String(LINES)],
    there(),
  );
  // Requests overtake one another where the order is not asked for.
  const sorted = (text: string): string => text.split('\n').sort().join('\n');
  assert.ok(sorted(consumed.out) === sorted(await readFile(file, 'utf8')), 'the bytes differ');
  const shifted = await fraudstream([
    ...['replay', file, '--contract', path, '--to', 'stdout', '--speed', 'max'],
    ...['--time-shift', '1h', '--count', String(SHIFTED)],
  ]);
  const moved = lines.slice(0, SHIFTED).map((line, index) => {
    const at = 1_767_225_600_000 + index * 1_000;
    return line.replace(String(at), String(at + 3_600_000));
  });
  assert.ok(shifted.out === `${moved.join('\n')}\n`, 'more than the time differs');
});

test('files in their form: generated, validated, replayed without the truth, and looped with other ids', async () => {
  const path = await contract(
    'files',
    `${ROWS.split('verdicts:')[0]}  truth: { at: fraud, fraud: ["yes"], genuine: ["no"] }\n`,
  );
  const file = join(folder, 'theirs.csv');
  const rows = [
    'currency;id;fraud;card;amount;when;note',
    'EUR;a1;yes;c1;1,50;2026-01-31 10:00:00.000;"semi;colon"',
    'EUR;a2;no;c2;2,00;2026-01-31 10:00:01.000;',
    'EUR;a3;maybe;c2;2,001;2026-01-31 10:00:01;',
  ];
  await writeFile(file, `${rows.join('\r\n')}\r\n`);
  const validated = await fraudstream(['validate', file, '--contract', path, '--output', 'ndjson']);
  assert.equal(validated.code, 65, validated.err);
  const [first] = validated.out.split('\n').map((line) => line && JSON.parse(line));
  assert.deepEqual([first.line, first.field], [4, '/when']);
  const flags = ['--contract', path, '--to', 'stdout', '--speed', 'max', '--loop', '2'];
  const { out } = await fraudstream(['replay', file, ...flags]);
  assert.deepEqual(out.trimEnd().split('\n'), [
    'EUR;a1;c1;1,50;2026-01-31 10:00:00.000;"semi;colon"',
    'EUR;a2;c2;2,00;2026-01-31 10:00:01.000;',
    'EUR;a1~2;c1;1,50;2026-01-31 10:00:02.000;"semi;colon"',
    'EUR;a2~2;c2;2,00;2026-01-31 10:00:03.000;',
  ]);
  const made = join(folder, 'made.csv');
  const generated = await fraudstream([
    ...['generate', '--contract', path, '--count', '300', '--seed', '2', '--out', made],
    ...['--labels', 'sidecar'],
  ]);
  assert.equal(generated.code, 0, generated.err);
  assert.equal((await readFile(made, 'utf8')).split('\n')[0], 'when;id;card;amount;currency');
  const labels = (await readFile(join(folder, 'made.labels.csv'), 'utf8')).trimEnd().split('\n');
  assert.equal(labels.length, 300);
});
