import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const PYTHON = process.env.FRAUDSTREAM_PYTHON ?? 'python3';

/** moto serves DynamoDB, CloudWatch and STS on a free port: its address, and a way to end it. */
export async function startMoto() {
  const port = await freePort();
  const child = spawn(PYTHON, ['-m', 'moto.server', '--host', '127.0.0.1', '--port', `${port}`], {
    stdio: 'ignore',
    env: { ...process.env, MOTO_ACCOUNT_ID: '000000000000' },
  });
  const url = `http://127.0.0.1:${port}`;
  const ended = () => child.exitCode !== null;
  while (!(await answers(url))) {
    if (ended()) throw new Error(`moto does not start with ${PYTHON}: set FRAUDSTREAM_PYTHON.`);
    await sleep(100);
  }
  return { url, close: () => child.kill() };
}

async function answers(url) {
  try {
    return (await fetch(`${url}/moto-api/data.json`)).ok;
  } catch {
    return false;
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
