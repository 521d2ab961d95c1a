import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { TransactionContract } from '../contract/transactions-contract.ts';
import { contractFile } from './contract-file.ts';
import { contractRows } from './contract-records.ts';

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
