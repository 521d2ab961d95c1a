import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rejectionLine, unreadable } from './verdict.ts';

interface Case {
  readonly name: string;
  readonly input: readonly { readonly hex: string; readonly times: number }[];
  readonly limit_bytes: number;
  readonly line_bytes: number;
  readonly transaction: {
    readonly characters: number;
    readonly sha256: string;
    readonly begins: string;
  };
  readonly transaction_bytes?: number;
  readonly transaction_sha256?: string;
}

const fixture = join(import.meta.dirname, '..', '..', 'fixtures', 'rejections', 'cases.json');
const { cases }: { cases: readonly Case[] } = JSON.parse(readFileSync(fixture, 'utf8'));
const at = Date.parse('2026-01-01T00:00:00.000Z');

for (const wanted of cases) {
  test(`a rejection fits its stream: ${wanted.name}`, () => {
    const bytes = Buffer.concat(
      wanted.input.map(({ hex, times }) => {
        const part = Buffer.from(hex, 'hex');
        return Buffer.alloc(part.length * times, part);
      }),
    );
    const line = rejectionLine(unreadable(bytes, 'why', at), wanted.limit_bytes);
    const { transaction, transaction_bytes, transaction_sha256 } = JSON.parse(line);
    assert.equal(Buffer.byteLength(line), wanted.line_bytes);
    assert.equal([...transaction].length, wanted.transaction.characters);
    assert.ok(transaction.startsWith(wanted.transaction.begins));
    assert.equal(createHash('sha256').update(transaction).digest('hex'), wanted.transaction.sha256);
    assert.equal(transaction_bytes, wanted.transaction_bytes);
    assert.equal(transaction_sha256, wanted.transaction_sha256);
  });
}

test('a reason of an endpoint that says much is cut between characters', () => {
  const line = rejectionLine(unreadable(Buffer.from('x'), `${'a'.repeat(1_999)}💳b`, at));
  assert.equal(JSON.parse(line).reason, 'a'.repeat(1_999));
});
