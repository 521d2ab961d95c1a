/**
 * Times the start of the command line over a bare `node -e 0`: the help, that of each command, and the first transaction of
 * `produce` at its stream.
 *
 * Run `npm run build && node bench/start.js`: JSON on stdout, exit code 1 when a bound is broken.
 * All take turns, so that they see the same machine; figures are lower quartiles of wall-clock time, which neighbours disturb least.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { commands } from '../dist/commands/all-commands.js';
import { atMost, publish, ratio, settings } from './support/benchmark.js';

const given = settings({ runs: 7 }, { runs: 15 });
const WARM_UPS = 2; // The file cache's, and the compile cache's.
const bounds = { ratio: 1.7, firstPutOverNodeMs: 400 };

const ShardId = 'shardId-000000000000';
const program = join(import.meta.dirname, '..', 'bin', 'fraudstream');
const kinesis = createServer(answer);
kinesis.listen(0, '127.0.0.1');
await once(kinesis, 'listening');
const { port } = kinesis.address();
let firstPutAt;

const helps = commands
  .filter(({ settings }) => Object.keys(settings).length > 0)
  .map(({ name }) => [name, [program, name, '--help']]);
const flags = ['--region', 'us-east-1', '--kinesis-endpoint-url', `http://127.0.0.1:${port}`];
const lines = {
  bare: ['-e', '0'],
  '--help': [program, '--help'],
  ...Object.fromEntries(helps),
  firstPut: [program, 'produce', '--stream', 'bench', ...flags, '--count', '1', '--seed', '1'],
};
const times = Object.fromEntries(Object.keys(lines).map((name) => [name, []]));
const keys = { AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' };

for (let run = -WARM_UPS; run < given.runs; run += 1) {
  for (const [name, args] of Object.entries(lines)) {
    const startedAt = performance.now();
    firstPutAt = undefined;
    const env = { ...process.env, ...keys };
    const [code] = await once(spawn(process.execPath, args, { stdio: 'ignore', env }), 'exit');
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
    const ms = (name === 'firstPut' ? firstPutAt : performance.now()) - startedAt;
    if (run >= 0) times[name].push(ms);
  }
}
kinesis.close();

const { bare, firstPut, ...ofHelp } = Object.fromEntries(
  Object.entries(times).map(([name, all]) => [name, quartile(all)]),
);
const rows = Object.entries(ofHelp).map(([name, ms]) => ({
  command: name === '--help' ? 'fraudstream --help' : `fraudstream ${name} --help`,
  ms,
  'over bare Node': ms / bare,
}));
const slowest = Math.max(...Object.values(ofHelp)) / bare;
publish({
  settings: given,
  tables: [
    {
      title: 'Start, ms by the clock',
      rows: [{ command: 'node -e 0', ms: bare, 'over bare Node': 1 }, ...rows],
    },
  ],
  ratios: [ratio('--help over bare Node', ofHelp['--help'] / bare, 'lower')],
  bounds: [
    atMost('slowest help over bare Node', slowest, bounds.ratio),
    atMost('first put, ms over bare Node', firstPut - bare, bounds.firstPutOverNodeMs),
  ],
});

/** A stream of one shard that takes everything. */
function answer(request, response) {
  const parts = [];
  const isPut = request.headers['x-amz-target']?.endsWith('.PutRecords');
  if (isPut) firstPutAt ??= performance.now();
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify(isPut ? accepted(Buffer.concat(parts).toString()) : listed()));
  });
}

function listed() {
  const HashKeyRange = { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) };
  return {
    Shards: [{ ShardId, HashKeyRange, SequenceNumberRange: { StartingSequenceNumber: '1' } }],
  };
}

function accepted(body) {
  const { Records } = JSON.parse(body);
  return { FailedRecordCount: 0, Records: Records.map(() => ({ ShardId, SequenceNumber: '1' })) };
}

function quartile(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 4)];
}
