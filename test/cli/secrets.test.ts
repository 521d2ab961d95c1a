import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fixtures, fraudstream, start } from '../support/fraudstream.ts';
import { folder } from '../support/recordings.ts';

const place = folder('secrets');
const CANARY = /CANARY-?\d+/;
const ENDINGS = ['json', 'html', 'xml', 'md', 'csv', 'hlog', 'prom', 'emf'] as const;
const SECRETS = 'x-api-key:CANARY-1001';
const AUTHORIZATION = 'Authorization:Bearer CANARY-1002';
const QUERY =
  'model=a&token=CANARY-1003&X-Amz-Signature=CANARY-1004&X-Amz-Security-Token=CANARY-1005&sig=CANARY-1006&key=CANARY-1007&api_key=CANARY-1008';
const environment = {
  ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE' },
  AWS_SECRET_ACCESS_KEY: 'CANARY-1009',
  AWS_SESSION_TOKEN: 'CANARY-1010',
};

/** An endpoint that says everything back that it was told. */
const echo: Server = createServer((request, response) => {
  const { url, headers } = request;
  response.writeHead(403, { 'content-type': 'text/plain' });
  response.end(`refused ${url} with ${JSON.stringify(headers)}`);
});
let host = '';

before(async () => {
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  host = `127.0.0.1:${(echo.address() as AddressInfo).port}`;
});
after(() => echo.close());

/** What surrounds a secret is enough to know. */
function assertSafe(text: string, what: string): void {
  const found = /.{0,80}CANARY-?\d+.{0,20}/.exec(text)?.[0];
  assert.equal(found, undefined, what);
}

/** Runs a command with reports in all forms, and looks through everything that it left. */
async function leftBy(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { out, err } = await fraudstream(args, { ...environment, ...env });
  assert.doesNotMatch(err, /bug in fraudstream/, name);
  assertSafe(out, `${name}, stdout`);
  assertSafe(err, `${name}, stderr`);
  for (const file of readdirSync(place)) {
    assertSafe(readFileSync(join(place, file), 'utf8'), `${name}, ${file}`);
  }
  return out + err;
}

const reports = (name: string, endings: readonly string[] = ENDINGS): readonly string[] =>
  endings.flatMap((ending) => ['--report', join(place, `${name}.${ending}`)]);
const world = ['--seed', '1', '--count', '20', '--rate', 'max', '--progress', 'none'];

test('score: headers, user, password and query of --url are in no output', async () => {
  const url = ['--url', `http://${host}/score?${QUERY}`, '--auth', 'none'];
  // The user of a URL is sent as an Authorization header, of which there can be one.
  const ofUser = ['--url', `http://user:CANARY-1011@${host}/score?${QUERY}`, '--auth', 'none'];
  const headers = ['--header', SECRETS, '--header', AUTHORIZATION];
  const files = ['--rejects', join(place, 'rejects.ndjson'), ...reports('score')];
  const said = await leftBy('score', [
    'score',
    ...url,
    ...headers,
    ...files,
    ...world,
    '--output',
    'human',
  ]);
  assert.match(said, /\*\*\*/);
  assert.match(readFileSync(join(place, 'score.json'), 'utf8'), /x-api-key:\*\*\*/);
  await leftBy('score json', ['score', ...url, ...headers, ...world, '--output', 'json']);
  await leftBy('score ndjson', ['score', ...url, ...headers, ...world, '--output', 'ndjson']);
  await leftBy('score user', [
    'score',
    ...ofUser,
    '--header',
    SECRETS,
    ...world,
    ...reports('user'),
  ]);
  await leftBy('score twice', ['score', ...ofUser, ...headers, ...world]);
  const printed = await leftBy('printed', ['score', ...ofUser, ...headers, '--print-config']);
  assert.match(printed, /header: \["x-api-key:\*\*\*", "Authorization:\*\*\*"\]/);
  assert.match(printed, /model=a&token=\*\*\*/);
});

test('score: variables and a config file are no other than flags', async () => {
  const config = join(folder('config'), 'secret.yaml');
  const url = `http://user:CANARY-1011@${host}/score?${QUERY}`;
  writeFileSync(
    config,
    `score:\n  url: "${url}"\n  auth: none\n  header:\n    x-api-key: CANARY-1001\n`,
  );
  const score = ['score', ...world, '--output', 'human'];
  await leftBy('config', [...score, '--config', config, ...reports('config')]);
  await leftBy('printed config', ['score', '--config', config, '--print-config']);
  const env = { FRAUDSTREAM_URL: url, FRAUDSTREAM_HEADER: SECRETS, FRAUDSTREAM_AUTH: 'none' };
  await leftBy('variables', [...score, ...reports('variables')], env);
  await leftBy('printed variables', ['score', '--print-config'], env);
});

test('every command with an address of an endpoint keeps what is secret in it', async () => {
  const address = `http://user:CANARY-1011@${host}/?${QUERY}`;
  const to = ['--kinesis-endpoint-url', address];
  const sageMaker = ['--sagemaker-endpoint-url', address];
  const day = join(fixtures, 'transactions', 'day.ndjson');
  const checkpoint = (name: string) => ['--checkpoint', join(place, `${name}.checkpoint`)];
  const kept = ['--record-ttl', '300ms', '--stream', 'a', '--progress', 'none'];
  const commands: Readonly<Record<string, readonly string[]>> = {
    produce: ['produce', ...to, ...kept, '--seed', '1', '--count', '5', ...reports('produce')],
    replay: ['replay', day, ...to, ...kept, '--speed', 'max', ...checkpoint('replay')],
    consume: [
      'consume',
      ...to,
      '--stream',
      'a',
      '--idle-timeout',
      '300ms',
      ...checkpoint('consume'),
    ],
    record: ['record', ...to, '--stream', 'a', '--out', join(place, 'record.ndjson')],
    run: [
      'run',
      ...to,
      ...kept,
      '--seed',
      '1',
      '--count',
      '5',
      '--drain',
      '1ms',
      ...reports('run'),
    ],
    doctor: ['doctor', ...to, '--stream', 'a'],
    'doctor json': ['doctor', ...to, '--stream', 'a', '--output', 'json'],
    sagemaker: [
      'score',
      '--endpoint-name',
      'a',
      ...sageMaker,
      ...world,
      '--output',
      'human',
      ...reports('sagemaker'),
    ],
    sdk: [
      'score',
      '--endpoint-name',
      'a',
      '--transport',
      'sdk',
      ...sageMaker,
      ...world,
      '--output',
      'human',
    ],
    engine: [
      'score',
      '--local',
      '--from-stream',
      'a',
      '--kinesis-endpoint-url',
      address,
      ...checkpoint('engine'),
    ],
    search: [
      'search',
      '--url',
      address,
      '--header',
      SECRETS,
      '--from-rate',
      '5',
      '--to-rate',
      '10',
      '--step',
      '300ms',
      ...reports('search', ['json', 'html', 'md', 'xml']),
    ],
  };
  for (const [name, args] of Object.entries(commands)) {
    await leftBy(name, args);
    await leftBy(
      `${name} from the environment`,
      args.filter((word) => !/-endpoint-url$/.test(word) && word !== address),
      { AWS_ENDPOINT_URL: address },
    );
    await leftBy(`${name}, printed`, [...args, '--print-config']);
  }
});

test('a value that cannot be read is not said back where it may be a secret', async () => {
  for (const args of [
    ['score', '--header', 'CANARY-1001'],
    ['score', '--url', 'user:CANARY-1011@host/score'],
    ['score', '--url', 'ftp://user:CANARY-1011@host/score?token=CANARY-1003'],
    ['score', '--haeder=x-api-key:CANARY-1001'],
    ['score', '--url', `http://${host}`, '--header', SECRETS, '--header', SECRETS],
    ['up', '--no-endpoint', '--api-key', 'CANARY-1001'],
  ]) {
    await leftBy(args.join(' '), args);
  }
});

test('up tells of a key only that there is one', async () => {
  const up = start(['up', '--api-key', 'CANARY-1001'], environment);
  await up.says(/curl/);
  up.child.kill('SIGTERM');
  const { out, err } = await up.ended;
  assert.doesNotMatch(out + err, CANARY);
  assert.match(err, /x-api-key: /);
});

test('a report of an earlier version, which holds secrets, is shown without them', async () => {
  const path = join(folder('earlier'), 'earlier.json');
  const document = {
    ...{ schema_version: 1, command: 'score' },
    endpoint: { place: `http://user:CANARY-1011@host/score?${QUERY}` },
    configuration: [
      {
        name: 'header',
        value: 'x-api-key:CANARY-1001, Authorization:Bearer CANARY-1002',
        source: 'flag',
      },
      { name: 'api-key', value: 'CANARY-1001, CANARY-1012', source: 'flag' },
      { name: 'url', value: `http://user:CANARY-1011@host/?${QUERY}`, source: 'flag' },
    ],
  };
  writeFileSync(path, JSON.stringify(document));
  const forms = ENDINGS.flatMap((ending) => ['--report', join(place, `earlier.${ending}`)]);
  await leftBy('report', ['report', path, ...forms]);
  await leftBy('report json', ['report', path, '--output', 'json']);
});
