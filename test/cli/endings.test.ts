import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fraudstream } from '../support/fraudstream.ts';

const room = mkdtempSync(join(tmpdir(), 'fraudstream-endings-'));
after(() => rmSync(room, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(room, name);
  writeFileSync(path, content);
  return path;
}

const badLine = file('bad.ndjson', '{"transaction_id":1}\n');
const badKey = file('bad-key.yaml', 'produce:\n  shads: 3\n');
const badValue = file('bad-value.yaml', 'seed: 1\noutput: jsno\n');

type Row = readonly [
  does: string,
  args: readonly string[],
  code: number,
  message: RegExp,
  env?: Readonly<Record<string, string>>,
];

const endings: readonly Row[] = [
  ['no verb prints what to try on stderr', [], 2, /Try:\n {2}fraudstream demo/],
  [
    'an unknown verb is named, with the one that was meant',
    ['prodcue'],
    2,
    /unknown command 'prodcue'\n\(Did you mean produce\?\)/,
  ],
  [
    'an unknown flag is named, with the one that was meant',
    ['produce', '--rat', '5'],
    2,
    /unknown option '--rat'\n\(Did you mean --rate\?\)\nTry "fraudstream produce --help"/,
  ],
  [
    'an unknown flag before the verb is named',
    ['--rate', '5', 'produce'],
    2,
    /unknown option '--rate'/,
  ],
  ['a flag of another verb is unknown', ['up', '--rate', '5'], 2, /unknown option '--rate'/],
  ['a missing value is missed', ['produce', '--rate'], 2, /'-r, --rate <rate>' argument missing/],
  [
    'a flag is not the value of another',
    ['produce', '--stream', '--local'],
    2,
    /--stream has no value: --local follows/,
  ],
  [
    'a bad value is named, with a good one',
    ['produce', '--rate', '5q'],
    2,
    /^fraudstream: flag --rate: cannot read "5q"\. .* --rate 5k\/s\n$/,
  ],
  ['a negative count is a bad value', ['demo', '-n', '-5'], 2, /flag --count: cannot read "-5"/],
  [
    'an empty value is a bad value',
    ['produce', '--stream', ''],
    2,
    /flag --stream: cannot read ""/,
  ],
  [
    'a choice that is not one is told the choices',
    ['demo', '--output', 'jsno'],
    2,
    /Did you mean "json"\? Expected one of human, json, ndjson/,
  ],
  ['too many words are too many', ['up', 'now'], 2, /too many arguments for 'up'/],
  ['a missing word is missed', ['completion'], 2, /missing required argument 'shell'/],
  [
    'a fault says itself what is wrong with it',
    ['demo', '--fault', 'bogus:1'],
    2,
    /flag --fault: "bogus:1" is not a fault\. Write throttle:0\.2/,
  ],
  [
    '--rate and --stages exclude each other',
    ['produce', '--rate', '5', '--stages', '5@0 5@1s'],
    2,
    /--stages replaces --rate/,
  ],
  [
    '--fault without --local would do nothing',
    ['produce', '--fault', 'fail:1'],
    2,
    /--fault has no effect without --local/,
  ],
  [
    'a port above all ports',
    ['run', '--local', '-n', '5', '--live', '70000'],
    2,
    /^fraudstream: flag --live: cannot read "70000"\. Expected a port from 0 to 65535/,
  ],
  [
    'a port of the stream above all ports',
    ['up', '--port', '99999'],
    2,
    /flag --port: cannot read "99999"/,
  ],
  [
    'labels beside stdout have no place',
    ['generate', '--labels', 'sidecar'],
    2,
    /--labels sidecar needs --out/,
  ],
  [
    'an input of bad lines',
    ['produce', '--local', '--input', badLine],
    65,
    /bad\.ndjson:1: schema_version is required/,
  ],
  [
    'an input that is not there',
    ['produce', '--local', '--input', join(room, 'absent')],
    66,
    /absent cannot be read: there is no such file/,
  ],
  [
    'a config file that is not there',
    ['demo', '--config', join(room, 'absent.yaml')],
    78,
    /absent\.yaml cannot be read: there is no such file/,
  ],
  [
    'a config file with an unknown key',
    ['demo', '--config', badKey],
    78,
    /bad-key\.yaml:2: unknown key "shads" in section "produce"\. Did you mean "shards"\?/,
  ],
  [
    'a config file with a bad value',
    ['demo', '--config', badValue],
    78,
    /bad-value\.yaml:2, output: cannot read "jsno"/,
  ],
  [
    'a variable with a bad value',
    ['demo'],
    78,
    /env FRAUDSTREAM_RATE: cannot read "fast"/,
    { FRAUDSTREAM_RATE: 'fast' },
  ],
  [
    'a stream where nobody answers',
    [
      'produce',
      '--count',
      '1',
      '--kinesis-endpoint-url',
      'http://127.0.0.1:1',
      '--region',
      'us-east-1',
    ],
    69,
    /127\.0\.0\.1:1/,
    { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
  ],
  [
    'records that nobody took',
    ['produce', '--local', '--count', '5', '--fault', 'fail:1', '--record-ttl', '200'],
    75,
    /^$/,
  ],
];

test('a port that is taken is named, with the way out: exit code 2', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  const said = new RegExp(
    `${port}.* cannot be taken \\(EADDRINUSE\\)\\. Choose another; 0 takes a`,
  );
  for (const args of [
    ['up', '--port', `${port}`],
    ['up', '--endpoint-port', `${port}`],
    ['run', '--local', '--live', `${port}`],
  ]) {
    const { code, err } = await fraudstream(args);
    assert.match(err, said);
    assert.equal(code, 2, err);
  }
  taken.close();
});

for (const [does, args, code, message, env] of endings) {
  test(`${does}: exit code ${code}`, async () => {
    const { code: ended, err } = await fraudstream(args, env);
    assert.match(err, message);
    assert.equal(ended, code, err);
  });
}
