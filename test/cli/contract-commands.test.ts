import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { EmbeddedKinesis } from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { started } from '../support/embedded.ts';
import { type ForeignForm, foreignPipeline } from '../support/foreign-pipeline.ts';
import { type Ended, fraudstream, local, start } from '../support/fraudstream.ts';
import { folder } from '../support/recordings.ts';

const COUNT = 60;
const place = folder('contract-commands');
const contract = join(place, 'contract.yaml');
writeFileSync(
  contract,
  `transactions:
  payload:
    event: { id: $transaction_id, at: { field: event_time, as: epoch-milliseconds } }
    card: $card_id
    money: { amount: { field: amount, as: decimal }, ccy: $currency }
    ip: $source_ip
    source: load-test
verdicts: { id: /ref, score: { at: /p, scale: 100 }, decision: { at: /act, fraud: [NO] } }
`,
);
const world = ['--count', String(COUNT), '--seed', '11'];
const csv = join(import.meta.dirname, '..', '..', 'examples', 'csv', 'contract.yaml');
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const linesOf = (text: string): readonly string[] => text.split('\n').filter(Boolean);

type Fields = Readonly<Record<string, unknown>>;
const recordsIn = (text: string): readonly Fields[] =>
  linesOf(text).map((line) => JSON.parse(line));
const byId = (records: readonly Fields[]): readonly Fields[] =>
  [...records].sort((a, b) => (String(a.transaction_id) < String(b.transaction_id) ? -1 : 1));

/** What the payload carries of a transaction. */
const carried = ({
  transaction_id,
  event_time,
  card_id,
  amount_minor,
  currency,
  source_ip,
}: Fields) => ({
  ...{ schema_version: 1, transaction_id, event_time, card_id, amount_minor, currency },
  ...(source_ip !== null && source_ip !== undefined && { source_ip }),
});

let kinesis: EmbeddedKinesis;
let own: readonly Fields[];
const there = (): Record<string, string> => ({ ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url });
before(async () => {
  kinesis = await started({ streams: { decoded: 1, 'search-in': 1, 'search-out': 1 } });
  own = byId(recordsIn((await fraudstream(['generate', ...world])).out).map(carried));
  const produced = await fraudstream(
    ['produce', '--contract', contract, '--stream', 'decoded', '--rate', 'max', ...world],
    there(),
  );
  assert.equal(produced.code, 0, produced.err);
  // What fits nothing in the contract, and a verdict.
  const others = join(place, 'others.ndjson');
  writeFileSync(
    others,
    '{"x":1,"k":"a","t":1769853600000}\n{"ref":"v1","p":75,"act":"NO","x":2,"k":"a","t":1769853600001}\n',
  );
  const raw = join(place, 'raw.yaml');
  writeFileSync(
    raw,
    'transactions: { format: raw, id: /x, event-time: { at: /t, as: epoch-milliseconds }, partition-key: /k }\n',
  );
  const put = ['--contract', raw, '--stream', 'decoded', '--speed', 'max'];
  const replayed = await fraudstream(['replay', others, ...put], there());
  assert.equal(replayed.code, 0, replayed.err);
});

/** Transactions in our form, the verdict in ours, and the record that is neither as it came. */
function assertDecoded(records: readonly Fields[]): void {
  assert.equal(records.length, COUNT + 2);
  const transactions = records.filter(({ schema_version: version }) => version === 1);
  assert.deepEqual(byId(transactions.map(carried)), own);
  const verdict = records.find(({ transaction_id: id }) => id === 'v1');
  assert.deepEqual([verdict?.score, verdict?.is_fraud_predicted], [0.75, true]);
  const [other] = records.filter((record) => 'x' in record);
  assert.deepEqual([other?.x, other?.k, other?.t], [1, 'a', 1_769_853_600_000]);
}

const reading = ['--stream', 'decoded', '--from', 'trim-horizon', '--count', String(COUNT + 2)];

test('consume --contract prints records in our form, and what is neither as it came', async () => {
  const ended = await fraudstream(['consume', '--contract', contract, ...reading], there());
  assert.equal(ended.code, 0, ended.err);
  assertDecoded(recordsIn(ended.out));
});

test('record --contract writes the same with the arrival, and replay reads it without the contract', async () => {
  const file = join(place, 'recorded.ndjson');
  const ended = await fraudstream(
    ['record', '--contract', contract, ...reading, '--out', file],
    there(),
  );
  assert.equal(ended.code, 0, ended.err);
  const records = recordsIn(readFileSync(file, 'utf8'));
  assertDecoded(records);
  assert.ok(records.every(({ arrived_at: at }) => Date.parse(String(at)) > 0));
  const replayed = await fraudstream(['replay', file, '--to', 'stdout', '--speed', 'max']);
  // The verdict and the other record are no transactions.
  assert.equal(replayed.code, 65);
  assert.equal(linesOf(replayed.out).length, COUNT);
});

test('generate --contract gives the same bytes with any number of threads, and a manifest of them', async () => {
  const made = async (threads: string, form: string): Promise<readonly string[]> => {
    const out = join(place, `threads-${threads}.csv`);
    const bounds = ['--count', '3000', '--seed', '5', '--fraud-rate', '0.05'];
    const flags = ['--threads', threads, '--labels', 'sidecar', '--out', out, ...bounds];
    const ended = await fraudstream(['generate', '--contract', form, ...flags]);
    assert.equal(ended.code, 0, ended.err);
    const beside = join(place, `threads-${threads}`);
    const manifest = JSON.parse(readFileSync(`${beside}.manifest.json`, 'utf8'));
    const bytes = [readFileSync(out), readFileSync(`${beside}.labels.csv`)];
    assert.equal(manifest.contract.sha256, sha256(readFileSync(form)));
    assert.deepEqual(
      manifest.files.map(({ sha256: digest }: { sha256: string }) => digest),
      bytes.map(sha256),
    );
    const labels = recordsIn(bytes[1]?.toString() ?? '');
    const frauds = labels.filter(({ is_fraud: isFraud }) => isFraud === true);
    assert.deepEqual([manifest.count, manifest.frauds], [3_000, frauds.length]);
    return bytes.map((each) => each.toString());
  };
  const [one, two, three] = [await made('1', csv), await made('2', csv), await made('3', csv)];
  assert.deepEqual(two, one);
  assert.deepEqual(three, one);
  assert.match(one[0] ?? '', /^when;id;card;amount;currency\n/);
  const counted = join(place, 'counted.yaml');
  writeFileSync(
    counted,
    'transactions: { payload: { id: $transaction_id, n: { counter: {} } } }\n',
  );
  const numbers = recordsIn((await made('2', counted))[0] ?? '').map(({ n }) => n);
  assert.deepEqual(
    numbers,
    [...numbers.keys()].map((index) => index + 1),
  );
});

test('score --contract reads their files; --features raw sends their bytes to the endpoint', async () => {
  const file = join(place, 'theirs.ndjson');
  const made = await fraudstream(['generate', '--contract', contract, ...world, '--out', file]);
  assert.equal(made.code, 0, made.err);
  const computed = await fraudstream([
    'score',
    '--contract',
    contract,
    '--input',
    file,
    '--local',
    '--output',
    'json',
  ]);
  assert.equal(computed.code, 0, computed.err);
  assert.equal(JSON.parse(computed.out).scoring.scored, COUNT);
  const seen: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push(...linesOf(body));
    response.setHeader('content-type', 'application/jsonlines');
    response.end(
      linesOf(body)
        .map(() => '0.25\n')
        .join(''),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const ended = await fraudstream([
      ...['score', '--contract', contract, '--input', file, '--url', url, '--auth', 'none'],
      ...['--features', 'raw', '--content-type', 'application/jsonlines', '--output', 'json'],
    ]);
    assert.equal(ended.code, 0, ended.err + ended.out);
    assert.equal(JSON.parse(ended.out).scoring.scored, COUNT);
    assert.deepEqual([...seen].sort(), [...linesOf(readFileSync(file, 'utf8'))].sort());
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('search --through pipeline --contract drives a foreign pipeline, and reads every verdict', async () => {
  const form: ForeignForm = {
    read: (data) => {
      const { event, money } = JSON.parse(Buffer.from(data).toString());
      return { id: event.id, isFraud: money.amount.endsWith('7') };
    },
    verdict: (id, isFraud) =>
      Buffer.from(JSON.stringify({ ref: id, p: isFraud ? 90 : 10, act: isFraud ? 'NO' : 'YES' })),
  };
  const pipeline = await foreignPipeline(kinesis.url, ['search-in', 'search-out'], form, {});
  try {
    const search = start(
      [
        ...['search', '--through', 'pipeline', '--contract', contract, '--output', 'json'],
        ...['--stream', 'search-in', '--verdict-stream', 'search-out', '--progress', 'none'],
        ...['--from-rate', '200/s', '--to-rate', '200/s', '--repeat', '1', '--step', '1s'],
        ...['--settle', '0s', '--fail-if', 'correlation.missing > 0', '--drain', '10s'],
      ],
      there(),
    );
    // Whether a rate is kept depends on the machine; that every verdict of it was read does not.
    await search.says(/\d\/s (kept|broken)/);
    search.child.kill('SIGINT');
    const [first] = JSON.parse((await search.ended).out).search.trials;
    assert.equal(first.errors_share, 0);
    assert.ok(first.samples > 0);
    assert.doesNotMatch(first.why ?? '', /missing/);
  } finally {
    await pipeline.close();
  }
});

const ok = 'transactions:\n  payload:\n    id: $transaction_id\n';
for (const [what, text, line] of [
  [
    'a field that is none',
    `${ok}    c: $card_idd\n`,
    /bad\.yaml:4: "\$card_idd" is not a field .*Did you mean \$card_id\?/,
  ],
  ['no id', 'transactions:\n  payload:\n    c: $card_id\n', /bad\.yaml:3: .*no \$transaction_id/],
  ['two things on one place', `${ok}    f: $mcc\n  truth: /f\n`, /bad\.yaml:5: .*both at \/f/],
  [
    'a pointer into nothing',
    `${ok}  partition-key: /card\n`,
    /bad\.yaml:4: .*\/card.*does not have/,
  ],
  ['no YAML', 'transactions: [\n', /bad\.yaml:\d+: not YAML/],
  ['verdicts without an id', 'verdicts:\n  score: /p\n', /bad\.yaml:\d: .*id/],
] as const) {
  test(`a contract with ${what} ends every command with one line and code 78`, async () => {
    const bad = join(place, 'bad.yaml');
    writeFileSync(bad, text);
    const verbs: readonly (readonly string[])[] = [
      ['generate', '--count', '1'],
      ['run', '--stream', 'decoded'],
      ['doctor', '--stream', 'decoded'],
    ];
    for (const args of verbs) {
      const { code, err, out }: Ended = await fraudstream([...args, '--contract', bad], there());
      assert.equal(code, 78, `${args[0]}: ${err}${out}`);
      assert.match(err, line);
      assert.equal(linesOf(err).length, 1, err);
    }
  });
}
