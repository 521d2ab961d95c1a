// Transactions a second that are put over TLS to the same embedded Kinesis without limits: by `produce` as a user
// starts it, and by the KPL 1.0.7, whose program makes its records in place. Processor
// seconds a million are those of all processes of a side, start included for `produce`. Alternating runs, medians.
//   npm run build && npx tsc -p test && node bench/kpl.js [runs] [records]
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { tlsFront } from '../dist-test/support/interop.js';
import { kinesisProcess } from './support/filled-kinesis.js';
import { interopClassPath, javaNumbers } from './support/java.js';
import { median } from './support/median.js';

const RUNS = Number(process.argv[2] ?? 5);
const COUNT = Number(process.argv[3] ?? 200_000);
const BYTES = 570;
const SHARDS = 16;
/** Over the KPL: records a second, and of its processor time. */
const BOUNDS = { produce: 1, cpu: 0.5 };

if (process.argv[2] === 'front') await serveFront();
else await measure();

/** TLS in a process of its own, as the service would have it. */
async function serveFront() {
  const front = await tlsFront(Number(process.argv[3]));
  process.send(front.port);
  process.on('disconnect', () => process.exit());
}

/** A command with the processor seconds of it and its children, as bash counts them. */
async function timed(words, env) {
  const script = `TIMEFORMAT='%R %U %S'; time "$@" > /dev/null 2>&1`;
  const child = spawn('bash', ['-c', script, 'bash', ...words], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr.on('data', (chunk) => {
    text += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}.`);
  const [seconds, user, system] = text.trim().split(' ').map(Number);
  return { perSecond: COUNT / seconds, cpuPerMillion: ((user + system) / COUNT) * 1e6 };
}

async function measure() {
  const classPath = interopClassPath();
  const program = join(import.meta.dirname, '..', 'bin', 'fraudstream');
  const sides = {
    produce: (port) =>
      timed(
        [
          process.execPath,
          program,
          'produce',
          '--rate',
          'max',
          '--count',
          `${COUNT}`,
          '--seed',
          '7',
        ],
        {
          AWS_ENDPOINT_URL_KINESIS: `https://127.0.0.1:${port}`,
          AWS_REGION: 'us-east-1',
          AWS_ACCESS_KEY_ID: 'local',
          AWS_SECRET_ACCESS_KEY: 'local',
          NODE_TLS_REJECT_UNAUTHORIZED: '0',
        },
      ),
    kpl: (port) => {
      const args = [port, port, 'transactions', COUNT, BYTES, 0];
      const [acknowledged, , seconds, cpu] = javaNumbers(
        classPath,
        'io.fraudstream.interop.PutByKpl',
        args,
      );
      if (acknowledged !== COUNT) throw new Error(`The KPL put ${acknowledged} of ${COUNT}.`);
      const measured = COUNT * 0.9;
      return { perSecond: measured / seconds, cpuPerMillion: (cpu / measured) * 1e6 };
    },
  };
  const seen = { produce: [], kpl: [] };
  for (let run = 0; run < RUNS; run += 1) {
    for (const [name, side] of Object.entries(sides)) {
      const kinesis = await kinesisProcess({ transactions: SHARDS });
      const front = fork(import.meta.filename, ['front', new URL(kinesis.url).port]);
      const [port] = await once(front, 'message');
      seen[name].push(await side(port));
      front.disconnect();
      kinesis.close();
    }
  }
  const results = Object.fromEntries(
    Object.entries(seen).map(([name, runs]) => [
      name,
      {
        perSecond: Math.round(median(runs.map(({ perSecond }) => perSecond))),
        cpuPerMillion: Number(median(runs.map(({ cpuPerMillion }) => cpuPerMillion)).toFixed(1)),
      },
    ]),
  );
  const speed = results.produce.perSecond / results.kpl.perSecond;
  const cpu = results.produce.cpuPerMillion / results.kpl.cpuPerMillion;
  const holds = speed >= BOUNDS.produce && cpu <= BOUNDS.cpu;
  const ratios = { speed: Number(speed.toFixed(2)), cpu: Number(cpu.toFixed(2)) };
  console.log(
    JSON.stringify({ bench: 'kpl', runs: RUNS, bytes: BYTES, ...results, ...ratios, holds }),
  );
  process.exitCode = holds ? 0 : 1;
}
