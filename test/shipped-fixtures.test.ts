import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fixtures } from './fraudstream.ts';
import { folder, idsOf, linesOf, recordsOf, type There, there } from './recordings.ts';
import { fraudstream } from './shell.ts';

const place = folder('shipped');
const at = (name: string): string => join(fixtures, 'transactions', name);
const readme = readFileSync(at('README.md'), 'utf8');
const commands = [...readme.matchAll(/^ {4}fraudstream (.+)$/gm)].map(([, line = '']) => line);
const names = commands.map((line) => /transactions\/(\S+)\.ndjson$/.exec(line)?.[1] ?? '');
let embedded: There;
before(async () => {
  embedded = await there(Object.fromEntries(names.map((name) => [name, 2])));
});

for (const [index, name] of names.entries()) {
  const path = at(`${name}.ndjson`);
  const records = linesOf(readFileSync(path, 'utf8')).map((line) => JSON.parse(line));

  test(`${name}: the command of the README makes it, byte for byte`, async () => {
    const line = (commands[index] ?? '').replace(/ --out \S+/, '');
    const out = join(place, `${name}.ndjson`);
    const { code, err } = await fraudstream([...line.split(' '), '--out', out]);
    assert.equal(code, 0, err);
    for (const ending of ['.ndjson', '.labels.ndjson']) {
      const [made, shipped] = [join(place, name + ending), at(name + ending)];
      assert.ok(
        readFileSync(made).equals(readFileSync(shipped)),
        `npm run update:fixtures: ${ending}`,
      );
    }
  });

  test(`${name}: it is valid, replays into the embedded Kinesis and comes back by id`, async () => {
    assert.equal((await fraudstream(['validate', path])).code, 0);
    const labels = at(`${name}.labels.ndjson`);
    assert.equal((await fraudstream(['validate', labels, '--kind', 'label'])).code, 0);
    const timing = index === 0 ? ['--speed', '100x', '--max-gap', '500ms'] : ['--speed', 'max'];
    const args = ['replay', path, '--stream', name, ...timing, '--on-error', 'stop'];
    const { code, err } = await fraudstream(args, embedded.env);
    assert.equal(code, 0, err);
    const found = await recordsOf(name, records.length, embedded.env);
    assert.deepEqual(idsOf(found), idsOf(records));
  });
}

test('the burst at its original speed, short pauses only, has the order it had', async () => {
  const args = ['--max-gap', '10ms', '--to', 'stdout', '--progress', 'none'];
  const { out } = await fraudstream(['replay', at('card-testing.ndjson'), ...args]);
  assert.equal(out, readFileSync(at('card-testing.ndjson'), 'utf8'));
});
