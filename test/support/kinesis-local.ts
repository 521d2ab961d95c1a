import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';

/** A Kinesis that somebody else wrote: the npm package `kinesis-local`, in a process of its own. */
export interface KinesisLocal {
  readonly url: string;
  close(): Promise<void>;
}

const home = dirname(createRequire(import.meta.url).resolve('kinesis-local/package.json'));

/** Starts it on free ports; resolves when it takes connections. */
export async function startKinesisLocal(): Promise<KinesisLocal> {
  const [plain, tls] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, [join(home, 'main.js')], {
    stdio: 'ignore',
    env: {
      ...process.env,
      KINESIS_MOCK_PLAIN_PORT: String(plain),
      KINESIS_MOCK_TLS_PORT: String(tls),
      KINESIS_MOCK_CERT_PATH: join(home, 'server.json'),
      LOG_LEVEL: 'ERROR',
      ...Object.fromEntries(
        ['CREATE_STREAM', 'DELETE_STREAM', 'SPLIT_SHARD', 'MERGE_SHARDS'].map((change) => [
          `${change}_DURATION`,
          '20ms',
        ]),
      ),
    },
  });
  const ended = once(child, 'exit');
  await Promise.race([
    answering(plain),
    ended.then(() => Promise.reject(new Error('kinesis-local ended before it listened'))),
  ]);
  return {
    url: `http://127.0.0.1:${plain}`,
    close: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** A port that was free a moment ago, for programs that cannot choose one and say which. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** Resolves once something listens on the port. */
async function answering(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
