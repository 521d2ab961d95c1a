// Goodput of `score` from half to ten times of what an endpoint can do, beside a closed loop of fixed concurrency.
// The endpoint has 8 workers of 16 ms: 500 requests of one row a second. A closed loop of as many callers
// that wait twice as long as the timeout keeps the endpoint busy with answers that nobody waits for any more.
//   scores a second that came within their --timeout, as a share of the capacity; bound: 0.9 of it from 1x on
//   npm run build && node bench/goodput.js [seconds] [plot.svg]
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { startEndpoint } from '../dist/emulators/sagemaker/endpoint.js';
import { parseEndpointFaults } from '../dist/emulators/sagemaker/faults/fault-text.js';
import { featureNames } from '../dist/features/manifest.js';

const run = promisify(execFile);
const SECONDS = Number(process.argv[2] ?? 8);
const [, , , plotPath] = process.argv;
const WORKERS = 8;
const SERVICE_MS = 16;
const TIMEOUT_MS = 1_000;
const LOADS = [0.5, 0.8, 1, 1.5, 2, 3, 5, 10];
const BOUND = 0.9;
const capacity = (WORKERS * 1_000) / SERVICE_MS;
const bin = new URL('../bin/fraudstream', import.meta.url).pathname;
const faults = parseEndpointFaults(`workers=${WORKERS},latency=${SERVICE_MS}ms,queue=100000`);

/** Scores a second by `score`, open loop. */
async function openLoop(load) {
  const endpoint = await startEndpoint({ faults });
  const args = [
    ...[bin, 'score', '--url', `${endpoint.url}/score`, '--rate', `${load * capacity}/s`],
    ...['--duration', `${SECONDS}s`, '--warm-up', '0', '--batch-rows', '1', '--seed', '7'],
    ...['--timeout', `${TIMEOUT_MS}ms`, '--request-timeout', `${TIMEOUT_MS}ms`],
    ...['--output', 'json', '--progress', 'none'],
  ];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 2 ** 28 }).catch(
    (error) => error,
  );
  await endpoint.close();
  return JSON.parse(stdout).scoring.scored / SECONDS;
}

/** Answers in time a second of callers that each send, wait up to the timeout, and send again. */
async function closedLoop(load) {
  const endpoint = await startEndpoint({ faults });
  const callers = Math.ceil(load * capacity * (TIMEOUT_MS / 1_000));
  const body = ','.repeat(featureNames.length - 1);
  const endAt = performance.now() + SECONDS * 1_000;
  let inTime = 0;
  const call = async () => {
    while (performance.now() < endAt) {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const headers = { 'content-type': 'text/csv' };
      const answer = await fetch(`${endpoint.url}/score`, { method: 'POST', headers, body, signal })
        .then((response) => response.text())
        .catch(() => undefined);
      if (answer !== undefined) inTime += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  await endpoint.close();
  return inTime / SECONDS;
}

const rows = [];
for (const load of LOADS) {
  const open = await openLoop(load);
  const closed = await closedLoop(load);
  rows.push({ load, score: open / capacity, closed_loop: closed / capacity });
}
if (plotPath) await writeFile(plotPath, plot(rows));
const least = Math.min(...rows.filter(({ load }) => load >= 1.5).map(({ score }) => score));
console.log(JSON.stringify({ bench: 'goodput', capacity_per_second: capacity, rows, least }));
process.exitCode = least >= BOUND ? 0 : 1;

/** Shares of the capacity over the load, as SVG. */
function plot(points) {
  const [width, height, left, bottom] = [640, 360, 60, 50];
  const x = (load) => left + ((width - left - 20) * Math.log(load / 0.5)) / Math.log(20);
  const y = (share) => height - bottom - (height - bottom - 40) * share;
  const line = (name, colour) => {
    const path = points.map((point) => `${x(point.load).toFixed(1)},${y(point[name]).toFixed(1)}`);
    return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${path.join(' ')}"/>`;
  };
  const text = (at, up, words, anchor = 'middle') =>
    `<text x="${at}" y="${up}" font-family="sans-serif" font-size="12" text-anchor="${anchor}">${words}</text>`;
  const ticks = points.map(({ load }) =>
    text(x(load).toFixed(1), height - bottom + 18, `${load}x`),
  );
  const shares = [0, 0.5, 1].map((share) => text(left - 8, y(share) + 4, share.toFixed(1), 'end'));
  const axes = `<path d="M${left},40V${height - bottom}H${width - 20}" fill="none" stroke="#888"/>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">`,
    axes,
    ...ticks,
    ...shares,
    line('score', '#0a6'),
    line('closed_loop', '#c33'),
    text(width / 2, height - 8, 'offered load, times the capacity of the endpoint'),
    text(
      left + 8,
      24,
      'scores in time, share of the capacity: score (green), closed loop (red)',
      'start',
    ),
    '</svg>',
    '',
  ].join('\n');
}
