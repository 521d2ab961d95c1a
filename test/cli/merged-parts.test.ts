import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fraudstream } from '../support/fraudstream.ts';

const folder = mkdtempSync(join(tmpdir(), 'fraudstream-parts-'));
const at = (name: string): string => join(folder, name);

before(async () => {
  const produce = ['produce', '--local', '--rate', 'max', '--count', '200', '--seed', '3'];
  const runs: readonly (readonly string[])[] = [
    ...['1/3', '2/3', '3/3'].map((part) => ['--partition', part]),
    [],
    ['--partition', '2/3', '--fail-if', 'accepted < 1%'],
  ];
  for (const [place, flags] of runs.entries()) {
    const report = ['--report', at(`${place + 1}.json`), '--progress', 'none'];
    const { code, err } = await fraudstream([...produce, ...flags, ...report]);
    assert.equal(code, 0, err);
  }
});

/** Which reports are merged, the exit code, and the first line. */
const rows = [
  [['1', '2', '3'], 0, /merged from 3$/],
  [['1', '3'], 65, /merged from 2, NOT ONE WHOLE LOAD \(absent of seed 3: part 2\/3\)$/],
  [['1', '2', '3', '4'], 65, /part 1\/3 and the whole world of seed 3 overlap/],
  [['1', '5', '3'], 65, /--fail-if differs: not set, accepted < 1%/],
] as const;
for (const [parts, wanted, said] of rows) {
  test(`${parts.join(', ')} of three slices and a whole: exit code ${wanted}`, async () => {
    const to = ['html', 'md', 'xml', 'json'].flatMap((ending) => [
      '--report',
      at(`merged.${ending}`),
    ]);
    const files = parts.map((name) => at(`${name}.json`));
    const { code, out, err } = await fraudstream(['report', ...files, ...to]);
    assert.equal(code, wanted, err);
    assert.match(out.split('\n')[0] ?? '', said);
    assert.match(out, wanted === 0 ? /Result +passed/ : /Result +FAILED \(exit code 65\)/);
    const { outcome } = JSON.parse(readFileSync(at('merged.json'), 'utf8'));
    assert.deepEqual([outcome.passed, outcome.exit_code], [wanted === 0, wanted]);
    for (const ending of ['html', 'md', 'xml']) {
      const text = readFileSync(at(`merged.${ending}`), 'utf8');
      assert.equal(/NOT ONE WHOLE LOAD/.test(text), wanted !== 0, ending);
    }
    assert.equal(/<failure/.test(readFileSync(at('merged.xml'), 'utf8')), wanted !== 0);
  });
}
