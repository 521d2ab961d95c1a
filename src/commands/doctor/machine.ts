import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { FraudstreamError } from '../../errors.ts';
import { proxyFor, proxyName } from '../../http/outside-network.ts';
import type { StreamCheck } from '../../kinesis/client/inspect-stream.ts';

/** Each connection and each of the runtime's own files takes one. */
const FEWEST_FILES = 1_024;
/** "engines" of package.json. */
const OLDEST_NODE: readonly [number, number] = [20, 19];

/** Checks the machine: the version of Node.js, the limit of open files, and the proxy of these addresses. */
export async function* inspectMachine(
  nodeVersion: string | undefined,
  addresses: readonly string[],
): AsyncGenerator<StreamCheck> {
  if (nodeVersion !== undefined) yield node(nodeVersion);
  yield await openFiles();
  for (const address of addresses) yield proxy(address);
}

/** Compares a version such as 20.19.1 with the oldest that is supported. */
export function node(version: string): StreamCheck {
  const subject = 'Node.js';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) {
    return { subject, found: version };
  }
  const message = `fraudstream needs Node.js ${OLDEST_NODE.join('.')} or newer. Install it, as with: nvm install --lts.`;
  return { subject, found: version, problem: new FraudstreamError('usage', message) };
}

async function openFiles(): Promise<StreamCheck> {
  const { stdout } = await promisify(execFile)('sh', ['-c', 'ulimit -n']).catch(() => ({
    stdout: '',
  }));
  const limit = stdout.trim() === 'unlimited' ? Number.POSITIVE_INFINITY : Number(stdout);
  if (stdout === '') return { subject: 'open files', found: 'the limit is unknown on this system' };
  const found = `at most ${stdout.trim()}`;
  if (limit >= FEWEST_FILES) return { subject: 'open files', found };
  return { subject: 'open files', found, problem: `Raise it: ulimit -n ${FEWEST_FILES}` };
}

function proxy(address: string): StreamCheck {
  const subject = 'proxy';
  const { host } = new URL(address);
  try {
    const used = proxyFor(address);
    return { subject, found: used ? `${host} by ${proxyName(used)}` : `none for ${host}` };
  } catch (problem) {
    return { subject, found: `not usable for ${host}`, problem };
  }
}
