import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const fraudstream = join(import.meta.dirname, '..', '..', 'bin', 'fraudstream');

/** An embedded Kinesis in a process of its own: its address, and a way to end it. */
export async function kinesisProcess(streams) {
  const file = join(import.meta.dirname, 'embedded-kinesis-process.js');
  const child = fork(file, [JSON.stringify(streams)]);
  const [url] = await once(child, 'message');
  return { url, close: () => child.disconnect() };
}

/** The same with so many transactions, aggregated, in its stream `transactions`. */
export async function filledKinesis(streams, count) {
  const kinesis = await kinesisProcess(streams);
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL_KINESIS: kinesis.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  const args = ['produce', '--stream', 'transactions', '--count', String(count), '--seed', '7'];
  const put = spawnSync('node', [fraudstream, ...args, '--rate', 'max'], { env });
  if (put.status !== 0) throw new Error(String(put.stderr));
  return kinesis;
}
