import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import {
  type EmbeddedKinesis,
  startEmbeddedKinesis,
} from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { fraudstream, local } from './fraudstream.ts';

const ends: (() => unknown)[] = [];
after(() => Promise.all(ends.map((end) => end())));

/** A folder that goes when the tests are over. */
export function folder(name: string): string {
  const path = mkdtempSync(join(tmpdir(), `fraudstream-${name}-`));
  ends.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A Kinesis for one test file, and the environment that points at it. */
export interface There {
  readonly kinesis: EmbeddedKinesis;
  readonly env: Readonly<Record<string, string>>;
}

/** Starts a Kinesis without limits, with these streams; it ends with the tests. */
export async function there(streams: Readonly<Record<string, number>>): Promise<There> {
  const kinesis = await startEmbeddedKinesis({ streams, shardLimits: 'none' });
  ends.push(() => kinesis.close());
  return { kinesis, env: { ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url } };
}

/** Every record of a stream, parsed, in no order. */
export async function recordsOf(
  stream: string,
  count: number,
  env: Readonly<Record<string, string>>,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const reading = ['--stream', stream, '--from', 'trim-horizon', '--count', String(count)];
  const { out } = await fraudstream(['consume', ...reading, '--idle-timeout', '2s'], env);
  return linesOf(out).map((line) => JSON.parse(line));
}

export const linesOf = (text: string): readonly string[] => text.split('\n').filter(Boolean);

export const idsOf = (records: readonly Readonly<Record<string, unknown>>[]): readonly string[] =>
  records.map(({ transaction_id }) => String(transaction_id)).sort();
