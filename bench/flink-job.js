// Transactions a second of the whole Flink job in one slot, and by each second of a processor, between an
// embedded Kinesis without limits and a canned endpoint of 5 ms. Medians.
//   npm run build && mvn -f pipeline/flink -q package -DskipTests && node bench/flink-job.js [runs] [transactions]
import { execFileSync, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { startEmbeddedKinesis } from '../dist/emulators/kinesis/embedded-kinesis.js';
import { median } from './median.js';

const RUNS = Number(process.argv[2] ?? 3);
const COUNT = Number(process.argv[3] ?? 200_000);
const root = join(import.meta.dirname, '..');

if (process.argv[2] === 'kinesis') await serveKinesis();
else await measure();

/** In a process of its own: the measuring one waits for Java. */
async function serveKinesis() {
  const streams = { transactions: 32, verdicts: 16, rejects: 1 };
  const kinesis = await startEmbeddedKinesis({ streams, shardLimits: 'none' });
  process.send(kinesis.url);
  process.on('disconnect', () => kinesis.close());
}

async function measure() {
  const rates = [];
  for (let run = 0; run < RUNS; run += 1) rates.push(await once1());
  const perSecond = Math.round(median(rates.map(([wall]) => wall)));
  const perCpuSecond = Math.round(median(rates.map(([, cpu]) => cpu)));
  console.log(JSON.stringify({ bench: 'flink-job', runs: RUNS, perSecond, perCpuSecond }));
}

async function once1() {
  const kinesis = fork(import.meta.filename, ['kinesis']);
  const [url] = await once(kinesis, 'message');
  const server = fork(join(import.meta.dirname, 'canned-scoring.js'), ['5']);
  const [port] = await once(server, 'message');
  const env = { ...process.env, AWS_ENDPOINT_URL_KINESIS: url, AWS_REGION: 'us-east-1' };
  Object.assign(env, { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' });
  const produce = ['produce', '--stream', 'transactions', '--count', String(COUNT), '--seed', '7'];
  const put = spawnSync('node', [join(root, 'bin', 'fraudstream'), ...produce, '--rate', 'max'], {
    env,
  });
  if (put.status !== 0) throw new Error(String(put.stderr));
  const target = join(root, 'pipeline', 'flink', 'target');
  const classPath = ['test-classes', 'fraudstream-flink.jar', join('local-flink', '*')];
  const path = classPath.map((part) => join(target, part)).join(delimiter);
  const opens = ['java.lang', 'java.util', 'java.time'].map(
    (name) => `--add-opens=java.base/${name}=ALL-UNNAMED`,
  );
  const args = [url, `http://127.0.0.1:${port}/score`, '1', String(COUNT)];
  const java = ['-Xmx1g', '-cp', path, 'io.fraudstream.job.BenchedJob', ...args];
  const out = execFileSync(
    'java',
    [...opens, ...(process.env.JAVA_PROFILE ?? '').split(' ').filter(Boolean), ...java],
    {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 180_000,
    },
  );
  server.disconnect();
  kinesis.disconnect();
  return out.toString().trim().split('\n').at(-1).split(' ').map(Number);
}
