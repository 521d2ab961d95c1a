// Coordinated omission: what is said of an endpoint that stalls 250 ms each second, at 1,000 requests/s.
//   fraudstream: response from the instant a request was due, and service beside it
//   autocannon: closed loop of as many connections, and at a rate (-R), which it corrects for
// autocannon is not a dependency: npm install --prefix /tmp/peers autocannon
//   npm run build && AUTOCANNON=/tmp/peers/node_modules/autocannon/autocannon.js node bench/omission.js
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startEndpoint } from '../dist/emulators/sagemaker/endpoint.js';
import { parseEndpointFaults } from '../dist/emulators/sagemaker/faults/fault-text.js';
import { median } from './support/median.js';

const run = promisify(execFile);
const RUNS = Number(process.argv[2] ?? 3);
const SECONDS = 5;
const RATE = 1_000;
const CONNECTIONS = 20;
const BOUNDS = { responseP95Ms: 100, serviceP95Ms: 60 };
const bin = new URL('../bin/fraudstream', import.meta.url).pathname;

async function ours(url) {
  const flags = ['--url', `${url}/score`, '--rate', `${RATE}/s`, '--duration', `${SECONDS + 1}s`];
  const { stdout } = await run(process.execPath, [
    ...[bin, 'score', ...flags, '--capacity', String(CONNECTIONS)],
    ...['--concurrency-limit', 'fixed', '--features', 'computed', '--output', 'json'],
  ]);
  const { scoring } = JSON.parse(stdout);
  return {
    response: scoring.response.p95_ms,
    service: scoring.service.p95_ms,
    perSecond: scoring.transactions_per_second,
  };
}

async function theirs(url, width, more) {
  const { AUTOCANNON } = process.env;
  if (!AUTOCANNON) return undefined;
  const { stdout } = await run(process.execPath, [
    ...[AUTOCANNON, '-c', String(CONNECTIONS), '-d', String(SECONDS), '-j', '-m', 'POST'],
    ...['-H', 'content-type=text/csv', '-b', ','.repeat(width - 1), ...more, `${url}/score`],
  ]);
  const { latency, requests } = JSON.parse(stdout);
  return { p97_5: latency.p97_5, p90: latency.p90, perSecond: requests.average };
}

const faults = parseEndpointFaults('latency=5ms,stall=250ms/1s');
const endpoint = await startEndpoint({ faults });
const seen = [];
try {
  for (let each = 0; each < RUNS; each += 1) {
    const width = endpoint.featureNames.length;
    seen.push({
      ours: await ours(endpoint.url),
      closed: await theirs(endpoint.url, width, []),
      paced: await theirs(endpoint.url, width, ['-R', String(RATE)]),
    });
  }
} finally {
  await endpoint.close();
}
const mid = (of) => {
  const values = seen.map(of).filter((value) => value !== undefined);
  return values.length > 0 ? Number(median(values).toFixed(1)) : 'not installed';
};
const found = {
  'response p95 ms': mid(({ ours }) => ours.response),
  'service p95 ms': mid(({ ours }) => ours.service),
};
const isHeld =
  found['response p95 ms'] >= BOUNDS.responseP95Ms &&
  found['service p95 ms'] <= BOUNDS.serviceP95Ms;
console.log(
  JSON.stringify({
    benchmark: 'omission',
    runs: RUNS,
    fraudstream: { ...found, 'scored/s': mid(({ ours }) => ours.perSecond) },
    // autocannon prints p90 and p97.5 and no p95.
    'autocannon, closed loop': {
      'p90 ms': mid(({ closed }) => closed?.p90),
      'p97.5 ms': mid(({ closed }) => closed?.p97_5),
      'requests/s': mid(({ closed }) => closed?.perSecond),
    },
    'autocannon -R, corrected': {
      'p90 ms': mid(({ paced }) => paced?.p90),
      'p97.5 ms': mid(({ paced }) => paced?.p97_5),
      'requests/s': mid(({ paced }) => paced?.perSecond),
    },
    bounds: BOUNDS,
    isHeld,
  }),
);
process.exitCode = isHeld ? 0 : 1;
