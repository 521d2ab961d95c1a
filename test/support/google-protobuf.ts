import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Damage, Deaggregated } from '../../dist/kpl/deaggregate.js';
import type { AggregableRecord } from '../../dist/kpl/open-aggregate.js';

const folder = join(import.meta.dirname, '..', '..', 'test', 'python');
const python = process.env.FRAUDSTREAM_PYTHON ?? 'python3';
const runs = { encoding: 'utf8', timeout: 300_000, maxBuffer: 2 ** 28 } as const;

interface WireRecord {
  readonly partitionKey: string;
  readonly explicitHashKey?: string;
  readonly dataHex: string;
}

interface WireAnswer {
  readonly damaged?: Damage;
  readonly records?: readonly WireRecord[];
}

/** Why Python's google.protobuf cannot be asked here; `false` when it can, or has to be. */
export const missingProtobuf: string | false = whyMissing();

/** What google.protobuf makes of each aggregate, in the words of `deaggregate`. */
export function readByProtobuf(aggregates: readonly Buffer[]): readonly Deaggregated[] {
  const lines = aggregates.map((data) => data.toString('hex'));
  return ask('read_aggregates.py', lines).map((line) => {
    const { damaged, records }: WireAnswer = JSON.parse(line);
    if (damaged) return { kind: 'damaged', reason: damaged };
    return { kind: 'aggregate', records: (records ?? []).map(userRecord) };
  });
}

/** The aggregate of each group of records as google.protobuf writes it. */
export function writtenByProtobuf(
  groups: readonly (readonly AggregableRecord[])[],
): readonly Buffer[] {
  const lines = groups.map((records) => JSON.stringify(records.map(wireRecord)));
  return ask('write_aggregates.py', lines).map((hex) => Buffer.from(hex, 'hex'));
}

function wireRecord({ data, ...keys }: AggregableRecord): WireRecord {
  return { ...keys, dataHex: Buffer.from(data).toString('hex') };
}

function userRecord({ dataHex, ...keys }: WireRecord): AggregableRecord {
  return { ...keys, data: Buffer.from(dataHex, 'hex') };
}

function ask(script: string, lines: readonly string[]): readonly string[] {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
  const input = `${lines.join('\n')}\n`;
  const run = spawnSync(python, [join(folder, script)], { ...runs, env, input });
  if (run.status !== 0) throw run.error ?? new Error(`${script}: ${run.stderr}`);
  return run.stdout.trimEnd().split('\n');
}

function whyMissing(): string | false {
  if (process.env.FRAUDSTREAM_REQUIRE_ALL === '1') return false;
  const { status } = spawnSync(python, ['-c', 'import google.protobuf'], runs);
  if (status === 0) return false;
  return `${python} lacks protobuf: install test/python/requirements.txt, set FRAUDSTREAM_PYTHON`;
}
