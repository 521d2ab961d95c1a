/**
 * Runs a pipeline of this machine for long and watches its memory: `npm run soak [minutes]`, 60 by default.
 *
 * `up` and `produce` (200 transactions a second) and `score --from-stream` run beside each other; each second the resident memory
 * and the open files of each are read. After the first fifth, in which buffers and the retention of the
 * embedded Kinesis fill up, memory must grow by less than 1 MB a minute and open files by none.
 * Prints one line of JSON; exits 1 when a bound is missed. Linux only: reads /proc.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

const MINUTES = Number(process.argv[2] ?? 60);
const RATE = Number(process.env.SOAK_RATE ?? 200);
const SETTLING = 0.2;
const BOUNDS = { rssMbPerMinute: 1, files: 8 };
const bin = new URL('../bin/fraudstream', import.meta.url).pathname;
const retention = ['--retained-bytes', process.env.SOAK_RETAINED ?? '16MB'];

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
    ...['--to-stream', 'verdicts', '--batch-rows', '20'],
  ],
  aws,
);
const produce = start(
  ['produce', '--rate', `${RATE}/s`, '--duration', `${MINUTES * 60}s`, '--seed', '7', ...quiet],
  aws,
);
const processes = { up, score, produce };
const samples = Object.fromEntries(Object.keys(processes).map((name) => [name, []]));
const outputs = { score: '', produce: '' };
for (const name of ['score', 'produce']) {
  processes[name].stdout.on('data', (chunk) => {
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
// What was put last is scored before the signal.
await wait(3_000);
score.kill('SIGINT');
await once(score, 'exit');
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
        mb_per_minute: Number(slope(late).toFixed(3)),
        files_least: Math.min(...late.map(({ files }) => files)),
        files_most: Math.max(...late.map(({ files }) => files)),
      },
    ];
  }),
);
console.log(JSON.stringify({ soak_minutes: MINUTES, rate: RATE, accepted, scored, ...figures }));
const isKept = Object.values(figures).every(
  ({ mb_per_minute: growth, files_least: least, files_most: most }) =>
    growth < BOUNDS.rssMbPerMinute && most - least <= BOUNDS.files,
);
process.exitCode = isKept && accepted === scored ? 0 : 1;

/** Slope of memory over minutes, by least squares. */
function slope(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(({ minute }) => minute)), mean(points.map(({ mb }) => mb))];
  const above = points.reduce((sum, { minute, mb }) => sum + (minute - x) * (mb - y), 0);
  const below = points.reduce((sum, { minute }) => sum + (minute - x) ** 2, 0);
  return below === 0 ? 0 : above / below;
}
