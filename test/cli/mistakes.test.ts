import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { inProcess } from '../support/in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'fraudstream-mistakes-'));
const csv = join(folder, 'theirs.csv');
writeFileSync(csv, 'a;b\n1;2\n');
after(() => rmSync(folder, { recursive: true }));

const region = { AWS_REGION: 'us-east-1' };

/** What a newcomer gets wrong: the exit code, and the next step that the message names. */
const mistakes: ReadonlyArray<
  readonly [string, readonly string[], number, RegExp, Readonly<Record<string, string>>?]
> = [
  ['a misspelt command', ['prodcue'], 2, /Did you mean produce\?[\s\S]*fraudstream --help/],
  [
    'help of a misspelt command',
    ['help', 'prodcue'],
    2,
    /Did you mean "fraudstream help produce"\?/,
  ],
  [
    'a misspelt flag',
    ['run', '--raet', '5k'],
    2,
    /Did you mean --rate\?[\s\S]*fraudstream run --help/,
  ],
  ['a rate with a wrong unit', ['run', '--rate', '5kk'], 2, /for example: --rate 5k\/s/],
  ['a duration without a unit', ['run', '--duration', '5'], 2, /for example: --duration 30s/],
  [
    'no region',
    ['produce', '--count', '1'],
    78,
    /Give --region, or set AWS_REGION\. "fraudstream doctor"/,
  ],
  [
    'no credentials',
    ['produce', '--count', '1'],
    77,
    /or use --local\. "fraudstream doctor"/,
    region,
  ],
  ['no endpoint', ['score', '--count', '1'], 2, /Give --endpoint-name, --url or --local/],
  [
    'a file that is not there',
    ['validate', 'no.ndjson'],
    66,
    /there is no such file\. Check the path/,
  ],
  [
    'a report that is not there',
    ['report', 'no.json'],
    66,
    /a run writes it with --report no\.json/,
  ],
  [
    'a mapping that is not there',
    ['validate', csv, '--map', 'no.yaml'],
    78,
    /no such file\. Check --map/,
  ],
  [
    'a file of another schema',
    ['validate', csv],
    78,
    /with --map, or let "fraudstream init --sample .*theirs\.csv"/,
  ],
  [
    'a mapping of other columns',
    ['validate', csv, '--map', 'card_id=X,amount=b,event_time=a,currency:USD'],
    78,
    /no column "X".* It has a, b\. .*fraudstream init --sample/,
  ],
  [
    'an unknown figure',
    ['run', '--local', '--require', 'p9 < 1s'],
    2,
    /Near it are .*p90.* docs\/thresholds\.md/,
  ],
  ['two flags for one thing', ['run', '--stream', 'a', '--stack', 'b'], 2, /give only one of them/],
];

for (const [mistake, args, code, next, env = {}] of mistakes) {
  test(`${mistake}: the message says what to do next`, async () => {
    const ended = await inProcess(args, env);
    assert.equal(ended.code, code, ended.err);
    assert.match(ended.err, next);
    assert.equal(ended.out, '');
  });
}

test('fraudstream alone shows what to try', async () => {
  const { code, err } = await inProcess([]);
  assert.equal(code, 2);
  for (const step of ['fraudstream demo', 'fraudstream run --local', 'fraudstream doctor'])
    assert.match(err, new RegExp(step));
});
