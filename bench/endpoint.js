/**
 * The local endpoint under load, against a node:http server that reads the body and answers a constant ("bare"), and
 * against XGBoost in Python behind Flask and gunicorn with one worker, which is how the SageMaker container serves.
 *
 * Run `npm run build && FRAUDSTREAM_PYTHON=... node bench/endpoint.js` with a Python that has xgboost 1.7.6; with flask,
 * gunicorn and gevent there too the container is a peer, else that is said. JSON on stdout, exit code 1 when a bound is
 * broken. 200 trees of depth 6, 20 features, 5 % missing, float32 in nine digits; the load comes from two threads with
 * undici, 16 connections each, one request at a time on each. Servers take turns, figures are medians.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { startEndpoint } from '../dist/emulators/sagemaker/endpoint.js';
import { atLeast, median, publish, ratio, settings } from './support/benchmark.js';

const given = settings({ runs: 2, seconds: 1 }, { runs: 5, seconds: 2 });
const FEATURES = 20;
const LOADERS = 2;
const CONNECTIONS = 32;
const rowCounts = [1, 10, 100, 1000];
const bounds = { requestsPerSecond: 35_000, rowsPerSecond: 200_000, ofBare: 0.6 };
const python = process.env.FRAUDSTREAM_PYTHON ?? 'python3';
const folder = mkdtempSync(join(tmpdir(), 'fraudstream-bench-'));
const bare = `
import { createServer } from 'node:http';
import { parentPort } from 'node:worker_threads';
const server = createServer((request, response) => {
  request.on('data', () => {});
  request.on('end', () => {
    response.writeHead(200, ['Content-Type', 'text/csv; charset=utf-8', 'Content-Length', '11']);
    response.end('0.12345678\\n');
  });
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;
const container = `
import flask, numpy, os, xgboost
app = flask.Flask(__name__)
booster = xgboost.Booster({"nthread": 1}); booster.load_model(os.environ["MODEL"]); booster.set_param("nthread", 1)
@app.route("/invocations", methods=["POST"])
def invocations():
    text = flask.request.data.strip().decode("utf-8")
    rows = [["nan" if cell == "" else cell for cell in line.split(",")] for line in text.split("\\n")]
    scores = booster.predict(xgboost.DMatrix(numpy.array(rows).astype(float), nthread=1), validate_features=False)
    return flask.Response("".join(f"{score}\\n" for score in scores), mimetype="text/csv")
`;

const closings = [];
try {
  const script = join(import.meta.dirname, '..', 'test', 'python', 'booster.py');
  execFileSync(python, [script, folder, '1000', String(FEATURES), '200', '6', '0.5']);
  const bodies = Object.fromEntries(rowCounts.map((rows) => [rows, csv(rows)]));
  const servers = { endpoint: await ours(), bare: await constant(), container: await flask() };
  const runs = [];
  for (let run = 0; run <= given.runs; run += 1) {
    for (const [name, url] of Object.entries(servers)) {
      for (const rows of url ? rowCounts : []) {
        const perSecond = await load(url, bodies[rows]);
        // The first round warms up.
        if (run > 0) runs.push({ name, rows, perSecond });
      }
    }
  }
  report(runs);
} finally {
  for (const close of closings) await close();
  rmSync(folder, { recursive: true });
}

function report(runs) {
  const of = (name, rows) => {
    const found = runs.filter((run) => run.name === name && run.rows === rows);
    return found.length === 0 ? Number.NaN : median(found.map(({ perSecond }) => perSecond));
  };
  const rows = rowCounts.map((count) => {
    const [endpoint, bare, container] = ['endpoint', 'bare', 'container'].map((name) =>
      of(name, count),
    );
    return {
      'rows a request': count,
      'requests/s': endpoint,
      'rows/s': endpoint * count,
      'of bare node:http': endpoint / bare,
      "of the container's software": endpoint / container,
    };
  });
  const [one] = rows;
  const hundred = rows.find((row) => row['rows a request'] === 100);
  const ofContainer = one["of the container's software"];
  publish({
    settings: given,
    tables: [{ title: 'The local endpoint', rows }],
    ratios: [
      ratio('requests/s of one row over bare node:http', one['of bare node:http']),
      ratio("requests/s of one row over the container's software", ofContainer),
    ],
    bounds: [
      atLeast('requests/s of one row', one['requests/s'], bounds.requestsPerSecond),
      atLeast('rows/s at 100 a request', hundred['rows/s'], bounds.rowsPerSecond),
      atLeast('of bare node:http', one['of bare node:http'], bounds.ofBare),
    ],
    skipped: Number.isNaN(ofContainer)
      ? ['the container: flask, gunicorn or gevent is missing']
      : [],
  });
}

function csv(count) {
  const values = new Float32Array(new Uint8Array(readFileSync(join(folder, 'rows.f32'))).buffer);
  const text = (value) => (Number.isFinite(value) ? String(Number(value.toPrecision(9))) : '');
  const row = (index) =>
    Array.from(values.subarray(index * FEATURES, (index + 1) * FEATURES), text);
  return Array.from({ length: count }, (_, index) => row(index).join(',')).join('\n');
}

async function ours() {
  const endpoint = await startEndpoint({ model: readFileSync(join(folder, 'model.ubj')) });
  closings.push(() => endpoint.close());
  return `${endpoint.url}/endpoints/fraud/invocations`;
}

async function constant() {
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(bare)}`));
  closings.push(() => worker.terminate());
  const [port] = await once(worker, 'message');
  return `http://127.0.0.1:${port}/`;
}

async function flask() {
  const ready = spawnSync(python, ['-c', 'import flask, gunicorn.workers.ggevent']).status === 0;
  if (!ready) return undefined;
  writeFileSync(join(folder, 'container.py'), container);
  const code = 'from gunicorn.app.wsgiapp import run; run()';
  const args = ['-c', code, '-b', '127.0.0.1:0', '-w', '1', '-k', 'gevent', 'container:app'];
  const env = { ...process.env, MODEL: join(folder, 'model.ubj'), OMP_NUM_THREADS: '1' };
  const child = spawn(python, args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'close');
  closings.push(async () => {
    child.kill();
    await ended;
  });
  let said = '';
  const url = new Promise((resolve) => {
    child.stderr.on('data', (chunk) => {
      said += chunk;
      const [, found] = /Listening at: (http:\S+)/.exec(said) ?? [];
      if (found) resolve(found);
    });
  });
  const failed = ended.then(() => Promise.reject(new Error(`gunicorn ended: ${said}`)));
  return `${await Promise.race([url, failed])}/invocations`;
}

/** Requests a second that come back with 200. */
async function load(url, body) {
  const workerData = { url, body, connections: CONNECTIONS / LOADERS, ms: given.seconds * 1000 };
  const counts = await Promise.all(
    Array.from({ length: LOADERS }, async () => {
      const worker = new Worker(new URL('./support/endpoint-load.js', import.meta.url), {
        workerData,
      });
      const [count] = await once(worker, 'message');
      return count;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0) / given.seconds;
}
