import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonRows } from './json-rows.ts';
import { withParts } from './row.ts';

/** What rows of a text in one chunk are: values, and the lines of what is none. */
async function read(text: string): Promise<readonly unknown[]> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  }
  const seen: unknown[] = [];
  for await (const group of jsonRows(chunks())) {
    for (const { value, fault, line } of withParts(group))
      seen.push(fault ? `line ${line}` : value);
  }
  return seen;
}

const between = ['', ' ', '  ', '\t', ' \t ', '\r', '\u001e', '\r\t '];

for (const space of between) {
  const shown = JSON.stringify(space);
  test(`objects on one line with ${shown} between them are values of their own`, async () => {
    const several = ['{"b":"} {"}', '{"c":{"d":[{}]}}', '{"e":1}'].join(space);
    const text = `{"a":1}\n${several}\n{"f":2}\n${space}${several}${space}\n`;
    const values = [{ b: '} {' }, { c: { d: [{}] } }, { e: 1 }];
    assert.deepEqual(await read(text), [{ a: 1 }, ...values, { f: 2 }, ...values]);
  });
}

test('a line is one row where not all of it is objects', async () => {
  const lines = [
    '{"a":1}',
    '{"b":2} , {"c":3}',
    '{"d":4}}',
    '{"e":5}{"f":',
    '{"g":6} x',
    '{"h":7}',
  ];
  const bad = ['line 2', 'line 3', 'line 4', 'line 5'];
  assert.deepEqual(await read(lines.join('\n')), [{ a: 1 }, ...bad, { h: 7 }]);
});
