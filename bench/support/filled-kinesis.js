import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fraudstream, localAws } from './processes.js';

/** An embedded Kinesis in a process of its own: its address, a way to set faults, as text, and one to end it. */
export async function kinesisProcess(streams) {
  const file = join(import.meta.dirname, 'embedded-kinesis-process.js');
  const child = fork(file, [JSON.stringify(streams)]);
  const [url] = await once(child, 'message');
  return {
    url,
    pid: child.pid,
    setFaults: (text) => child.send(text),
    close: () => child.disconnect(),
  };
}

/** The same with so many transactions, aggregated, in its stream `transactions`. */
export async function filledKinesis(streams, count) {
  const kinesis = await kinesisProcess(streams);
  const env = {
    ...process.env,
    ...localAws,
    AWS_ENDPOINT_URL_KINESIS: kinesis.url,
  };
  const args = ['produce', '--stream', 'transactions', '--count', String(count), '--seed', '7'];
  const [node, program] = fraudstream;
  const put = spawnSync(node, [program, ...args, '--rate', 'max'], { env });
  if (put.status !== 0) throw new Error(String(put.stderr));
  return kinesis;
}
