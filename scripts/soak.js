/**
 * Runs a pipeline of this machine for long and watches its memory: `npm run soak [minutes]`, 60 by default.
 *
 * `up`, `produce` (200 transactions a second) and `score --from-stream` run beside each other; each second the resident
 * memory and the open files of each are read. After the first fifth, in which buffers and the retention of the
 * embedded Kinesis fill up, memory must grow by less than 1 MB a minute and open files by less than one in two minutes.
 * A run of less than half an hour is no measurement of memory, whose heaps still grow to their usual size: its bound is 40 MB a minute.
 * Prints one line of JSON; exits 1 when a bound is missed. Linux only: reads /proc.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

const MINUTES = Number(process.argv[2] ?? 60);
const RATE = Number(process.env.SOAK_RATE ?? 200);
const SETTLING = 0.2;
const isShort = MINUTES < 30;
const BOUNDS = isShort
  ? { rssMbPerMinute: 40, filesPerMinute: 10 }
  : { rssMbPerMinute: 1, filesPerMinute: 0.5 };
const bin = new URL('../bin/fraudstream', import.meta.url).pathname;
// The state of the features of so few keys is full early: what grows then is no state.
const world = ['--cards', '500', '--merchants', '100'];
const retention = ['--retained-bytes', process.env.SOAK_RETAINED ?? '4MB'];

const children = [];
function start(args, env = {}) {
  const child = spawn(process.execPath, [bin, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return child;
}

const up = start(['up', '--streams', 'transactions:2', '--streams', 'verdicts:1', ...retention]);
const ready = JSON.parse(String((await once(up.stdout, 'data'))[0]).split('\n')[0]);
const aws = {
  AWS_ENDPOINT_URL_KINESIS: ready.kinesis,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
};
const quiet = ['--progress', 'none', '--output', 'json'];
const score = start(
  [
    ...['score', '--url', `${ready.endpoint}/score`, '--from-stream', 'transactions', ...quiet],
    ...['--to-stream', 'verdicts', '--batch-rows', '20', '--idle-timeout', '30s'],
  ],
  aws,
);
const produce = start(
  [
    'produce',
    '--rate',
    `${RATE}/s`,
    '--duration',
    `${MINUTES * 60}s`,
    '--seed',
    '7',
    ...world,
    ...quiet,
  ],
  aws,
);
const processes = { up, score, produce };
const samples = Object.fromEntries(Object.keys(processes).map((name) => [name, []]));
const outputs = { score: '', produce: '' };
for (const name of ['score', 'produce']) {
  processes[name].stdout.setEncoding('utf8').on('data', (chunk) => {
    outputs[name] += chunk;
  });
}

const endAt = Date.now() + MINUTES * 60_000;
let isOver = false;
produce.once('exit', () => {
  isOver = true;
});
while (!isOver && Date.now() < endAt) {
  for (const [name, { pid }] of Object.entries(processes)) {
    const rss = Number(
      /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0,
    );
    const files = readdirSync(`/proc/${pid}/fd`).length;
    samples[name].push({ minute: MINUTES - (endAt - Date.now()) / 60_000, mb: rss / 1_024, files });
  }
  await wait(1_000);
}
if (!isOver) await once(produce, 'exit');
// It ends by itself once nothing comes any more.
if (score.exitCode === null) await once(score, 'exit');
up.kill('SIGINT');
await once(up, 'exit');

const { acknowledged, accepted = acknowledged } = JSON.parse(outputs.produce).delivery;
const { scored } = JSON.parse(outputs.score).scoring;
const figures = Object.fromEntries(
  Object.entries(samples).map(([name, all]) => {
    const late = all.filter(({ minute }) => minute >= SETTLING * MINUTES);
    return [
      name,
      {
        rss_mb: Math.round(late.at(-1)?.mb ?? 0),
        mb_per_minute: Number(slope(late, 'mb').toFixed(3)),
        files_per_minute: Number(slope(late, 'files').toFixed(3)),
        files: late.at(-1)?.files,
      },
    ];
  }),
);
console.log(JSON.stringify({ soak_minutes: MINUTES, rate: RATE, accepted, scored, ...figures }));
const isKept = Object.values(figures).every(
  ({ mb_per_minute: growth, files_per_minute: opened }) =>
    growth < BOUNDS.rssMbPerMinute && opened < BOUNDS.filesPerMinute,
);
process.exitCode = isKept && accepted === scored ? 0 : 1;

/** Slope of a figure over minutes, by least squares. */
function slope(points, name) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(points.map(({ minute }) => minute));
  const y = mean(points.map((point) => point[name]));
  const above = points.reduce((sum, point) => sum + (point.minute - x) * (point[name] - y), 0);
  const below = points.reduce((sum, { minute }) => sum + (minute - x) ** 2, 0);
  return below === 0 ? 0 : above / below;
}
