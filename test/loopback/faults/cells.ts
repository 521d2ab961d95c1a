import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbeddedKinesis } from '../../../dist/emulators/kinesis/embedded-kinesis.js';
import { modelBytes } from '../../../dist/model/shipped-model.js';
import { consumersOf, started } from '../../support/embedded.ts';
import { started as endpoint } from '../../support/endpoints.ts';
import {
  always,
  type Cut,
  type Fault,
  faultProxy,
  type Judgement,
} from '../../support/fault-proxy.ts';
import { type Ended, fraudstream, local, start } from '../../support/fraudstream.ts';
import { alertingFront, type PrivateAuthority, tlsFront } from '../../support/outside-network.ts';
import { pipelineStub } from '../../support/pipeline-stub.ts';
import { linesOf } from '../../support/recordings.ts';
import {
  type SubscriptionFault,
  subscriptionRelay,
  type WholeFault,
} from '../../support/subscription-relay.ts';

export const COUNT = 600;
/** No command needs more, whatever the network does. */
export const MOST_RSS_MIB = 400;

export type FaultName =
  | Extract<Fault, string>
  | 'tls-alert'
  | 'expired-token'
  | 'clock-off'
  | 'dns'
  | 'disk-full'
  | 'read-only';

/** What a matrix test needs from its machine. */
export interface Bench {
  readonly folder: string;
  readonly authority: PrivateAuthority;
  readonly input: string;
  readonly fullDisk: string;
  readonly readOnlyDisk: string;
}

type Env = Readonly<Record<string, string>>;

/** Services behind a fault, and how commands reach them. */
interface Scene {
  readonly kinesis: EmbeddedKinesis;
  readonly env: Env;
  readonly direct: Env;
  readonly disk: string;
}

/** One command of the matrix: its words, and what must hold of its end. */
export interface Command {
  readonly name: string;
  /** Which calls a fault hits. */
  readonly operations: readonly string[];
  readonly isFilled?: true;
  readonly hasStub?: true;
  /** Reads with enhanced fan-out: the faults hit its subscriptions and its calls about the consumer as well. */
  readonly isPushed?: true;
  args(disk: string, input: string): readonly string[];
  check(ended: Ended, scene: Scene): void | Promise<void>;
}

const quiet = ['--progress', 'none', '--request-timeout', '800ms'];
const pace = ['--count', String(COUNT), '--rate', 'max', '--seed', '1'];
const small = ['--collection-max-count', '5', '--aggregation-max-count', '20'];
const reading = [
  '--from',
  'trim-horizon',
  '--get-records-limit',
  '200',
  '--idle-timeout',
  '1500ms',
];
const json = (ended: Ended): Record<string, Record<string, number>> => JSON.parse(ended.out);
const unique = (lines: readonly string[], name: string): number =>
  new Set(lines.map((line) => JSON.parse(line)[name])).size;

/** Ids in a stream, read without faults. */
async function idsIn(stream: string, env: Env): Promise<ReadonlySet<string>> {
  const args = ['--stream', stream, '--from', 'trim-horizon', '--idle-timeout', '500ms'];
  const { out } = await fraudstream(['consume', ...args, '--progress', 'none'], env);
  return new Set(linesOf(out).map((line) => String(JSON.parse(line).transaction_id)));
}

/** Every record has one receipt, and what was acknowledged lies in the stream. */
async function checkReceipts({ out, code, err }: Ended, { direct }: Scene): Promise<void> {
  const receipts = linesOf(out).map((line) => JSON.parse(line));
  assert.equal(new Set(receipts.map(({ id }) => id)).size, receipts.length, err);
  const accepted = receipts.filter(({ shard_id: shard }) => shard !== undefined);
  const stored = await idsIn('transactions', direct);
  assert.ok(
    accepted.every(({ id }) => stored.has(id)),
    'a record was acknowledged that is not in the stream',
  );
  if (code === 0) assert.equal(accepted.length, COUNT);
}

const polled: readonly Command[] = [
  {
    name: 'produce',
    operations: ['PutRecords'],
    args: (disk) => [
      ...['produce', ...pace, ...small, ...quiet, '--output', 'ndjson', '--record-ttl', '8s'],
      ...['--report', join(disk, 'produce.json')],
    ],
    check: checkReceipts,
  },
  {
    name: 'replay --resume',
    operations: ['PutRecords'],
    args: (disk, input) => [
      ...['replay', input, '--rate', 'max', ...small, ...quiet, '--output', 'ndjson'],
      ...['--resume', '--checkpoint', join(disk, 'replay.checkpoint'), '--record-ttl', '8s'],
    ],
    check: checkReceipts,
  },
  {
    name: 'consume',
    operations: ['GetRecords'],
    isFilled: true,
    args: (disk) => [
      'consume',
      ...reading,
      ...quiet,
      '--checkpoint',
      join(disk, 'consume.checkpoint'),
    ],
    check({ code, out, err }) {
      if (code === 0) assert.equal(unique(linesOf(out), 'transaction_id'), COUNT, err);
    },
  },
  {
    name: 'score',
    operations: ['InvokeEndpoint'],
    args: (disk) => [
      ...['score', ...pace, '--endpoint-name', 'fraud', '--batch-rows', '50', ...quiet],
      ...['--timeout', '8s', '--output', 'json', '--report', join(disk, 'score.json')],
    ],
    check(ended) {
      if (ended.out === '') return;
      const { transactions = 0, scored = 0, failed = 0, unscored = 0 } = json(ended).scoring ?? {};
      assert.equal(scored + failed + unscored, transactions, ended.err);
      if (ended.code === 0) assert.equal(scored, COUNT, ended.err);
    },
  },
  {
    name: 'score --from-stream',
    operations: ['GetRecords', 'InvokeEndpoint', 'PutRecords'],
    isFilled: true,
    args: (disk) => [
      ...['score', '--endpoint-name', 'fraud', '--batch-rows', '50', ...quiet],
      ...['--from-stream', 'transactions', '--to-stream', 'verdicts', '--from', 'trim-horizon'],
      ...['--idle-timeout', '2s', '--timeout', '8s', '--output', 'json'],
      ...['--checkpoint', join(disk, 'engine.checkpoint')],
    ],
    async check({ code }, { direct }) {
      if (code === 0) assert.equal((await idsIn('verdicts', direct)).size, COUNT);
    },
  },
  {
    name: 'run',
    operations: ['PutRecords', 'GetRecords'],
    hasStub: true,
    args: (disk) => [
      ...['run', '--stream', 'transactions', '--verdict-stream', 'verdicts', ...quiet],
      ...['--count', String(COUNT), '--rate', '600/s', '--seed', '1', '--output', 'json'],
      ...['--report', join(disk, 'run.json')],
    ],
    check(ended) {
      if (ended.code === 0) assert.equal(json(ended).correlation?.matched, COUNT, ended.err);
    },
  },
  {
    name: 'record',
    operations: ['GetRecords'],
    isFilled: true,
    args: (disk) => ['record', ...reading, ...quiet, '--out', join(disk, 'recording.ndjson')],
    async check({ code }, { disk }) {
      if (code !== 0) return;
      const lines = linesOf(await readFile(join(disk, 'recording.ndjson'), 'utf8'));
      assert.equal(unique(lines, 'transaction_id'), COUNT);
    },
  },
];

/** The same command with `--reader efo`, which leaves no consumer behind. */
function pushed(command: Command): Command {
  return {
    ...command,
    name: `${command.name} efo`,
    isPushed: true,
    args: (disk, input) => [...command.args(disk, input), '--reader', 'efo'],
    check: async (ended, scene) => {
      await command.check(ended, scene);
      if (ended.code !== 0) return;
      const names = ['transactions', 'verdicts', 'rejects'];
      for (const name of names) assert.deepEqual(await consumersOf(scene.kinesis, arnOf(name)), []);
    },
  };
}

const arnOf = (stream: string): string => `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`;

const readers: ReadonlySet<string> = new Set(['consume', 'score --from-stream', 'run', 'record']);

export const commands: readonly Command[] = [
  ...polled,
  ...polled.filter(({ name }) => readers.has(name)).map(pushed),
];

/** How a cell ended. */
export interface CellResult {
  readonly code: number | null;
  readonly rssMib: number;
}

let cells = 0;

/** Runs a command under a fault and checks what must hold; returns how it ended. */
export async function runCell(
  command: Command,
  fault: FaultName,
  bench: Bench,
): Promise<CellResult> {
  cells += 1;
  const place = join(bench.folder, `cell-${cells}`);
  await mkdir(place);
  const scene = await sceneOf(command, fault, bench, place);
  if (command.isFilled) {
    const put = await fraudstream(['produce', ...pace, '--progress', 'none'], scene.direct);
    assert.equal(put.code, 0, put.err);
  }
  const names = ['transactions', 'verdicts', 'rejects'] as const;
  const stub = command.hasStub && (await pipelineStub(scene.kinesis.url, names, new Map(), {}));
  const run = start(command.args(scene.disk, bench.input), scene.env);
  let rssMib = 0;
  const watch = setInterval(() => {
    rssMib = Math.max(rssMib, peakMib(run.child.pid ?? 0));
  }, 50);
  const ended = await run.ended;
  clearInterval(watch);
  if (stub) await stub.close();
  assert.notEqual(ended.code, null, `it did not end: ${ended.err}`);
  assert.notEqual(ended.code, 1, `a bug: ${ended.err}`);
  await command.check(ended, scene);
  return { code: ended.code, rssMib };
}

/** The most memory that a process has had; 0 where the system does not say. */
function peakMib(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

const TOKENS: ReadonlySet<FaultName> = new Set(['expired-token', 'clock-off']);
const OTHERS: ReadonlySet<FaultName> = new Set([
  ...TOKENS,
  ...(['tls-alert', 'dns', 'disk-full', 'read-only'] as const),
]);

async function sceneOf(
  command: Command,
  fault: FaultName,
  bench: Bench,
  place: string,
): Promise<Scene> {
  const kinesis = await started({
    streams: { transactions: 2, verdicts: 1, rejects: 1 },
    subscriptions: { lifeMs: 1_000, heartbeatMs: 100, exclusiveMs: 0 },
  });
  const scoring = await endpoint('', { model: modelBytes() });
  const cuts = OTHERS.has(fault) ? [] : cutsOf(command, fault as Fault);
  const judgement: Judgement = {
    ...(fault === 'expired-token' && { expiredToken: 'old' }),
    ...(fault === 'clock-off' && { clockOffsetMs: -3_600_000 }),
  };
  const proxied = await faultProxy(kinesis.url, cuts, judgement);
  const streams = command.isPushed
    ? await subscriptionRelay(kinesis.url, subscriptionFaultOf(fault), {
        plain: proxied.url,
        judgement,
      })
    : proxied;
  const scores = await faultProxy(scoring.url, cuts, judgement);
  const direct = { ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url };
  const disks: Readonly<Partial<Record<FaultName, string>>> = {
    'disk-full': bench.fullDisk,
    'read-only': bench.readOnlyDisk,
  };
  return {
    direct,
    kinesis,
    disk: disks[fault] ?? place,
    env: {
      ...(fault === 'expired-token' ? await expiringProfile(place) : local),
      // TLS goes straight to the service: the relay in front takes streams that have no end.
      ...(await addresses(
        fault,
        fault === 'tls-alert' ? kinesis.url : streams.url,
        scores.url,
        bench.authority,
      )),
    },
  };
}

function cutsOf({ operations, isPushed }: Command, fault: Fault): readonly Cut[] {
  const isDelay = fault === 'slow-close' || fault === 'bandwidth' || fault === 'latency';
  const cut = (operation: string, call: number): Cut => ({
    ...{ operation, fault, calls: isDelay ? always : [call] },
  });
  // These are called once.
  const ofConsumer = isPushed ? ['RegisterStreamConsumer', 'DeregisterStreamConsumer'] : [];
  return [
    ...operations.map((operation) => cut(operation, 2)),
    ...ofConsumer.map((operation) => cut(operation, 1)),
  ];
}

/** What each fault is within an event stream. */
const ofSubscription: Readonly<Partial<Record<FaultName, SubscriptionFault | WholeFault>>> = {
  stop: 'stall',
  endless: 'endless',
  truncated: 'truncated',
  garbage: 'garbage',
  html: 'html',
  empty: 'empty',
  'reset-before': 'reset-before',
  'reset-after': 'cut',
  'half-open': 'half-open',
  'half-open-after': 'half-open-after',
  'slow-close': 'slow-close',
  bandwidth: 'bandwidth',
  latency: 'latency',
};

function subscriptionFaultOf(
  fault: FaultName,
): (subscription: number) => SubscriptionFault | WholeFault | undefined {
  const found = ofSubscription[fault];
  const isDelay = found === 'slow-close' || found === 'bandwidth' || found === 'latency';
  return (subscription) => (isDelay || subscription === 2 ? found : undefined);
}

async function addresses(
  fault: FaultName,
  streams: string,
  scores: string,
  authority: PrivateAuthority,
): Promise<Env> {
  const both = (kinesis: string, scoring: string): Env => ({
    AWS_ENDPOINT_URL_KINESIS: kinesis,
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: scoring,
  });
  if (fault === 'dns') return both('http://nowhere.invalid', 'http://nowhere.invalid');
  if (fault !== 'tls-alert') return both(streams, scores);
  const behind = async (url: string): Promise<string> =>
    `https://127.0.0.1:${await alertingFront(await tlsFront(url, authority), 1)}`;
  const alerting = both(await behind(streams), await behind(scores));
  return { ...alerting, AWS_CA_BUNDLE: authority.bundle };
}

/** A profile whose program gives an expired token first, and a new one from the second time on. */
export async function expiringProfile(place: string): Promise<Env> {
  const [state, program, config] = ['asked', 'program.sh', 'config'].map((name) =>
    join(place, name),
  ) as [string, string, string];
  const keys = `{"Version":1,"AccessKeyId":"AKIAEXAMPLE","SecretAccessKey":"secret","SessionToken":"'"$token"'"}`;
  const script = `#!/bin/sh\nif [ -e ${state} ]; then token=new; else token=old; touch ${state}; fi\necho '${keys}'\n`;
  await writeFile(program, script, { mode: 0o755 });
  await writeFile(config, `[default]\ncredential_process = ${program}\n`);
  return { AWS_REGION: 'us-east-1', AWS_CONFIG_FILE: config };
}
