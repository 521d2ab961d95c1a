import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faults } from '../../commands/shared/flags/stream-flags.ts';
import { alsoFrom, formerly, insteadOf, needing, setting } from './define-setting.ts';
import { list, path, url, yesNo } from './parsers.ts';
import { count, rate } from './quantities.ts';
import {
  type ConfigFile,
  type GivenSettings,
  type ResolvedSettings,
  resolveSettings,
} from './resolve-settings.ts';
import { sourceName } from './setting-source.ts';

const table = {
  rate: setting('-r, --rate <rate>', 'how fast', '1k/s', rate),
  stages: insteadOf('rate', setting('--stages <n>', 'a curve', undefined, count)),
  endpointUrl: alsoFrom(
    setting('--endpoint-url <url>', 'where', undefined, url),
    'AWS_ENDPOINT_URL_KINESIS',
    'AWS_ENDPOINT_URL',
  ),
  local: insteadOf('endpointUrl', setting('--local', 'here', false, yesNo)),
  fault: needing('local', setting('--fault <fault>', 'trouble', [], faults)),
  report: setting('--report <file>', 'to a file', [], list(path)),
};

type Flags = Readonly<Record<string, string | readonly string[]>>;

function given(flags: Flags, env: GivenSettings['env'] = {}, lines?: Flags): GivenSettings {
  const texts = (all: Flags) =>
    Object.entries(all).map(([key, said]) => [key, [said].flat()] as const);
  const inFile = texts(lines ?? {}).map(
    ([name, said], at) => [name, { line: at + 1, texts: said }] as const,
  );
  const file: ConfigFile = { path: 'my.yaml', texts: new Map(inFile) };
  return { flags: new Map(texts(flags)), env, ...(lines && { file }) };
}

function one(key: keyof typeof table, said: GivenSettings): ResolvedSettings | undefined {
  return resolveSettings(table, said).find((resolved) => resolved.key === key);
}

const precedence: ReadonlyArray<
  readonly [string, keyof typeof table, GivenSettings, value: unknown, source: string]
> = [
  ['the default where nobody spoke', 'rate', given({}), 1000, 'default'],
  ['nothing where there is no default', 'stages', given({}), undefined, 'default'],
  ['the file', 'rate', given({}, {}, { rate: '5' }), 5, 'file my.yaml:1'],
  [
    'the environment of AWS over the file',
    'endpointUrl',
    given({}, { AWS_ENDPOINT_URL: 'http://aws' }, { 'endpoint-url': 'http://file' }),
    'http://aws',
    'env AWS_ENDPOINT_URL',
  ],
  [
    'the special variable of AWS over the general one',
    'endpointUrl',
    given({}, { AWS_ENDPOINT_URL: 'http://all', AWS_ENDPOINT_URL_KINESIS: 'http://kinesis' }),
    'http://kinesis',
    'env AWS_ENDPOINT_URL_KINESIS',
  ],
  [
    'our own variable over those of AWS',
    'endpointUrl',
    given({}, { AWS_ENDPOINT_URL: 'http://aws', FRAUDSTREAM_ENDPOINT_URL: 'http://own' }),
    'http://own',
    'env FRAUDSTREAM_ENDPOINT_URL',
  ],
  [
    'the flag over everything',
    'rate',
    given({ rate: '9' }, { FRAUDSTREAM_RATE: '7' }, { rate: '5' }),
    9,
    'flag --rate',
  ],
  [
    'the file over an empty variable',
    'rate',
    given({}, { FRAUDSTREAM_RATE: '' }, { rate: '5' }),
    5,
    'file my.yaml:1',
  ],
  [
    'a false flag over a true variable',
    'local',
    given({ local: 'false' }, { FRAUDSTREAM_LOCAL: 'true' }),
    false,
    'flag --local',
  ],
  [
    'a list of the environment between blanks, for a fault may hold a comma',
    'fault',
    given({}, { FRAUDSTREAM_FAULT: 'latency:p50=20ms,p99=40ms  fail:0.1' }),
    [
      { kind: 'latency', p50Ms: 20, p99Ms: 40 },
      { kind: 'fail', share: 0.1 },
    ],
    'env FRAUDSTREAM_FAULT',
  ],
  [
    'the default of a rate whose place the stages take',
    'rate',
    given({ stages: '3' }, { FRAUDSTREAM_RATE: '7' }),
    1000,
    'default',
  ],
  [
    'no stages of the environment where the flags give a rate',
    'stages',
    given({ rate: '5' }, { FRAUDSTREAM_STAGES: '7' }),
    undefined,
    'default',
  ],
  [
    'no endpoint where both it and --local are in the environment',
    'endpointUrl',
    given({}, { AWS_ENDPOINT_URL: 'http://aws', FRAUDSTREAM_LOCAL: 'yes' }),
    undefined,
    'default',
  ],
  [
    'the endpoint beside a --local that is off',
    'endpointUrl',
    given({ local: 'false', endpointUrl: 'http://flag' }),
    'http://flag',
    'flag --endpoint-url',
  ],
  [
    'a fault of a file, whether it is of use or not',
    'fault',
    given({}, {}, { fault: 'fail:1' }),
    [{ kind: 'fail', share: 1 }],
    'file my.yaml:1',
  ],
];

for (const [title, key, said, value, source] of precedence) {
  test(`a setting is ${title}`, () => {
    const resolved = one(key, said);
    assert.deepEqual(resolved?.value, value);
    assert.equal(resolved && sourceName(resolved.source), source);
  });
}

const refused: ReadonlyArray<readonly [string, GivenSettings, code: string, message: RegExp]> = [
  [
    'a bad flag, and says what to write instead',
    given({ rate: '5q' }),
    'usage',
    /^flag --rate: cannot read "5q"\. Expected a rate .* for example: --rate 5k\/s$/,
  ],
  [
    'a bad variable by its name',
    given({}, { AWS_ENDPOINT_URL: 'localhost' }),
    'bad-config',
    /^env AWS_ENDPOINT_URL: cannot read "localhost"\. .* AWS_ENDPOINT_URL=http:/,
  ],
  [
    'a bad value of a file by line and key',
    given({}, {}, { report: 'a', rate: 'fast' }),
    'bad-config',
    /^file my\.yaml:2, rate: cannot read "fast"\. .* rate: 5k\/s$/,
  ],
  [
    'a bad value in the words of its own parser, where that has some',
    given({ local: 'true', fault: ['fail:1', 'bogus:1'] }),
    'usage',
    /^flag --fault: "bogus:1" is not a fault\. Write throttle:/,
  ],
  [
    'two flags of which one replaces the other',
    given({ rate: '5', stages: '3' }),
    'usage',
    /--stages replaces --rate/,
  ],
  [
    'a flag that has no effect without another',
    given({ fault: 'fail:1' }),
    'usage',
    /--fault has no effect without --local/,
  ],
];

for (const [title, said, code, message] of refused) {
  test(`refuses ${title}`, () => {
    assert.throws(() => resolveSettings(table, said), { code, message });
  });
}

const renamed = {
  rejectStream: formerly(
    '--rejects-stream <name>',
    setting('--reject-stream <name>', 'dead letters', undefined, path),
  ),
  ordered: formerly('--order <order>', setting('--ordered', 'in order', false, yesNo), {
    ordered: 'true',
    unordered: 'false',
  }),
};

test('a deprecated name sets its setting as a flag, a variable and a key of a file, with a notice', () => {
  const all: readonly (readonly [GivenSettings, notice: RegExp])[] = [
    [given({ rejectsStream: 'dead' }), /^--rejects-stream is deprecated .* use --reject-stream\.$/],
    [
      given({}, { FRAUDSTREAM_REJECTS_STREAM: 'dead' }),
      /^FRAUDSTREAM_REJECTS_STREAM is deprecated .* use FRAUDSTREAM_REJECT_STREAM\.$/,
    ],
    [
      given({}, {}, { 'rejects-stream': 'dead' }),
      /^file my\.yaml:1, rejects-stream is deprecated .* use reject-stream\.$/,
    ],
  ];
  for (const [said, notice] of all) {
    const [resolved] = resolveSettings(renamed, said);
    assert.equal(resolved?.value, 'dead');
    assert.match(resolved?.deprecation ?? '', notice);
  }
  const [quiet] = resolveSettings(renamed, given({ rejectStream: 'dead' }));
  assert.equal(quiet?.deprecation, undefined);
});

test('values of a deprecated name are translated', () => {
  const values = (order: string) => resolveSettings(renamed, given({ order })).at(1)?.value;
  assert.deepEqual([values('ordered'), values('unordered')], [true, false]);
  assert.throws(() => values('sideways'), /flag --order: cannot read "sideways"/);
});

test('a setting given under both of its names is refused', () => {
  const message = /--rejects-stream is the deprecated name of --reject-stream: give only one/;
  const both = given({ rejectsStream: 'a', rejectStream: 'b' });
  assert.throws(() => resolveSettings(renamed, both), { code: 'usage', message });
});
