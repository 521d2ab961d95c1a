import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { contractFile } from './contract-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'contract-file-'));
after(() => rmSync(folder, { recursive: true }));

const payload = (...lines: readonly string[]): string =>
  ['transactions:', '  payload:', ...lines.map((line) => `    ${line}`)].join('\n');

/** A contract that is refused: the line, and what the message says. */
interface Refused {
  readonly title: string;
  readonly text: string;
  readonly line: number;
  readonly message: string;
}

/** The same for the Flink job, but for the methods of faker, which it does not know. */
const refused: readonly Refused[] = JSON.parse(
  readFileSync(
    join(import.meta.dirname, '..', '..', 'fixtures', 'contracts', 'refused', 'contracts.json'),
    'utf8',
  ),
);

for (const { title, text, line, message } of refused) {
  test(`a contract is refused for ${title}, by its line`, async () => {
    const path = join(folder, 'contract.yaml');
    writeFileSync(path, text);
    await assert.rejects(contractFile(path), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'bad-config', error.stack);
      assert.match(error.message, new RegExp(message));
      assert.equal(error.message.split('\n').length, 1);
      assert.match(error.message, new RegExp(`contract\\.yaml:${line}: `));
      return true;
    });
  });
}

test('what reading does not give back is a note of the contract, not an error', async () => {
  const path = join(folder, 'contract.yaml');
  writeFileSync(
    path,
    payload(
      'id: $transaction_id',
      't: { field: event_time, as: yyyy-MM-dd }',
      'c: { field: channel, values: { ecom: WEB, pos: WEB } }',
    ),
  );
  const { transactions } = await contractFile(path);
  assert.equal(transactions?.isInvertible, false);
  const [time, channel, lacking] = transactions?.notes ?? [];
  assert.match(time ?? '', /event_time is written as yyyy-MM-dd/);
  assert.match(channel ?? '', /"WEB" is written for two values of channel/);
  assert.match(lacking ?? '', /lacks card_id, amount_minor, currency/);
});
