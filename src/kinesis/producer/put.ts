import { setImmediate as breathe } from 'node:timers/promises';
import type { Due, Receipt, UserRecord } from '../../transactions/user-record.ts';
import type { PutClient } from '../put-client.ts';
import { Producer } from './producer.ts';
import type { ProducerSettings, PutDependencies } from './producer-settings.ts';
import { ShardMapRefresh } from './shard-map-refresh.ts';

/** How often time is looked at when nothing else happens. */
const TICK_MS = 5;
/** How long the source may run on before sockets and timers get their turn. */
const BREATH_MS = 4;
/** How often, while the source runs, full aggregates are looked for. */
const PUMP_MS = 1;

/**
 * Puts user records to Kinesis as the KPL does; yields a receipt for every one.
 *
 * The source is pulled only below the bound on outstanding records; a receipt counts until the reader
 * asks for the next group. When the source ends, pending records are sent at once.
 * Errors: throws `FraudstreamError` at the start when the stream cannot be used, and after the last
 * receipt when no record could be delivered any more (`not-found`, `no-permission`), or with
 * whatever the source threw. A failed record is not an error but a receipt.
 */
export async function* put(
  groups: AsyncIterable<readonly Due<UserRecord>[]>,
  client: PutClient,
  dependencies: PutDependencies,
  settings: ProducerSettings,
): AsyncGenerator<readonly Receipt[], void, undefined> {
  const watch = new ShardMapRefresh(client, dependencies.clock);
  const producer = new Producer(
    client,
    watch,
    await watch.first(dependencies.stop),
    dependencies,
    settings,
  );
  const { ledger } = producer;
  const stop = new AbortController();
  void tick(producer, dependencies, stop.signal);
  void feed(groups, producer, dependencies, stop.signal);
  try {
    for await (const receipts of ledger.receipts) {
      yield receipts;
      ledger.outstanding.free(receipts.length, payloadBytes(receipts));
    }
  } finally {
    stop.abort();
    ledger.outstanding.free(0, 0);
  }
}

async function feed(
  groups: AsyncIterable<readonly Due<UserRecord>[]>,
  producer: Producer,
  dependencies: PutDependencies,
  stop: AbortSignal,
): Promise<void> {
  const pulse = pulseOf(producer, dependencies);
  try {
    for await (const group of groups) {
      await admit(group, producer, dependencies, stop);
      if (producer.isBroken || stop.aborted) break;
      await pulse();
    }
    producer.finish();
  } catch (error) {
    producer.finish(error);
  }
}

/** Adds the records of a group one by one, each below the bound on outstanding records. */
async function admit(
  group: readonly Due<UserRecord>[],
  producer: Producer,
  { clock }: PutDependencies,
  stop: AbortSignal,
): Promise<void> {
  let now = clock.now();
  for (const due of group) {
    while (!producer.ledger.outstanding.fits(due.record.data.length)) {
      if (stop.aborted) return;
      await producer.ledger.outstanding.freed();
      now = clock.now();
    }
    producer.add(due, now);
  }
}

/** Lets the producer, and now and then sockets and timers, have their turn while the source runs. */
function pulseOf(producer: Producer, { clock }: PutDependencies): () => Promise<void> {
  let pumpedAt = clock.now();
  let breathedAt = pumpedAt;
  return async () => {
    const now = clock.now();
    if (now - pumpedAt < PUMP_MS) return;
    producer.pump();
    pumpedAt = now;
    if (now - breathedAt < BREATH_MS) return;
    await breathe();
    breathedAt = clock.now();
  };
}

async function tick(
  producer: Producer,
  { clock }: PutDependencies,
  stop: AbortSignal,
): Promise<void> {
  while (!producer.ledger.isOver && !stop.aborted) {
    await clock.sleep(TICK_MS, stop);
    producer.pump();
  }
}

function payloadBytes(receipts: readonly Receipt[]): number {
  return receipts.reduce((sum, receipt) => sum + receipt.payloadBytes, 0);
}
