import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { TransactionContract } from '../contract/transactions-contract.ts';
import { contractFile } from './contract-file.ts';
import { contractRows } from './contract-records.ts';
import { recorded } from './recorded-transactions.ts';
import { SequenceChecks } from './validation/sequence-checks.ts';
import { validateContract } from './validation/validate-contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'contract-records-'));
after(() => rmSync(folder, { recursive: true }));

test('a quote within a field joins no records, and one that begins a field keeps its lines together', async () => {
  const path = join(folder, 'contract.yaml');
  writeFileSync(
    path,
    'transactions: { format: csv, payload: { id: $transaction_id, at: $event_time, card: $card_id, shop: $merchant_name } }\n',
  );
  const { transactions } = await contractFile(path);
  const rows = [
    'id,at,card,shop',
    'a,2026-01-01T00:00:00Z,c1,5" disk',
    'b,2026-01-01T00:00:01Z,c1,"two\nlines, one ""shop"""',
    'c,2026-01-01T00:00:02Z,c1,"x"y',
    'd,2026-01-01T00:00:03Z,c1,plain',
    'e,2026-01-01T00:00:04Z,c1,"open',
  ];
  async function* input(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(rows.join('\n'));
  }
  const found: unknown[] = [];
  const reading = contractRows('-', transactions as TransactionContract, true, {
    input: input(),
    s3: {},
  });
  for await (const group of reading) {
    for (const { line, bytes, fault, contract } of group) {
      const parsed = contract.parse(bytes);
      const shop = 'value' in parsed ? (parsed.value as { shop: string }).shop : undefined;
      found.push([line, fault?.reason ?? shop]);
    }
  }
  assert.deepEqual(found, [
    [2, '5" disk'],
    [3, 'two\nlines, one "shop"'],
    [5, '"x"y'],
    [6, 'plain'],
    [7, 'is not CSV (a quote is not closed)'],
  ]);
});

const record = (id: string): string =>
  `{"id":"${id}","at":"2026-01-01T00:00:00.000Z","card":"c1","n":1.50}`;
const four = ['a', 'b', 'c', 'd'].map(record);
const pretty = (text: string): string => JSON.stringify(JSON.parse(text), null, 2);
const layouts: Readonly<Record<string, string>> = {
  'a line each': four.join('\n'),
  'no separators, as Firehose writes to S3': four.join(''),
  'several on later lines': `${four[0]}\n${four[1]} \t${four[2]}\n${four[3]}\n`,
  'an array': `[\n${four.join(',\n')}\n]`,
  'over several lines': four.map(pretty).join('\n'),
  'behind a byte order mark': `\ufeff${four.join('')}`,
};

for (const [name, text] of Object.entries(layouts)) {
  test(`JSON in the form of a contract: ${name}`, async () => {
    const path = join(folder, 'json.yaml');
    writeFileSync(
      path,
      'transactions: { format: json, payload: { id: $transaction_id, at: $event_time, card: $card_id } }\n',
    );
    const { transactions: contract } = await contractFile(path);
    assert.ok(contract);
    const input = join(folder, 'layout.json');
    writeFileSync(input, `${text.trimEnd()}\n`);
    const bad: string[] = [];
    const ids: (string | undefined)[] = [];
    const sent: string[] = [];
    for await (const group of recorded({
      ...{ paths: [input], format: undefined, mapping: undefined, contract, s3: {} },
      input: (async function* () {})(),
      reject: ({ reason }) => bad.push(reason),
    })) {
      for (const { id, data } of group) {
        ids.push(id);
        sent.push(Buffer.from(data).toString('utf8'));
      }
    }
    assert.deepEqual([ids, bad], [['a', 'b', 'c', 'd'], []]);
    // A value over several lines loses the white space between its tokens, all others keep their bytes.
    assert.deepEqual(
      sent,
      name === 'over several lines' ? four.map((each) => each.replace('1.50', '1.5')) : four,
    );
    let rows = 0;
    for await (const judged of validateContract(
      { path: input, contract, isCsv: false, input: (async function* () {})(), s3: {} },
      new SequenceChecks(new Set()),
    )) {
      rows += judged.rows;
      assert.equal(judged.invalid, 0);
    }
    assert.equal(rows, 4);
  });
}
