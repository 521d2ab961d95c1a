import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

test('fields take and refuse the values of fixtures/schema/values.json, and lines are read or not', async () => {
  const root = join(import.meta.dirname, '..', '..');
  const path = join(root, 'fixtures', 'schema', 'values.json');
  const fixture = JSON.parse(readFileSync(path, 'utf8'));
  const script = new URL('../../scripts/value-fixtures.js', import.meta.url);
  const { values, verdicts, idsOfLines, lines } = await import(script.href);
  assert.deepEqual(fixture.values, values);
  assert.deepEqual(fixture.verdicts, verdicts());
  assert.equal(fixture.lines.length, lines.length);
  assert.deepEqual(fixture.ids, idsOfLines());
});
