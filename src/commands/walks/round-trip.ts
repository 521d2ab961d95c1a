import { consume } from '../../kinesis/consume.ts';
import type { ProducerSettings } from '../../kinesis/producer/producer-settings.ts';
import { put } from '../../kinesis/put.ts';
import type { Due } from '../../records/due.ts';
import type { UserRecord } from '../../records/user-record.ts';
import type { Delivery } from '../../reporting/delivery.ts';
import type { Reconciliation } from '../../reporting/reconciliation.ts';
import type { Outside } from '../outside.ts';
import type { OpenStream } from './stream.ts';

/** Both ends of a stream at once, and what they saw. */
export interface RoundTrip {
  readonly stream: OpenStream;
  readonly producer: ProducerSettings;
  readonly delivery: Delivery;
  readonly reconciliation: Reconciliation;
}

/** As often as Kinesis lets a shard be read; gives up when nothing has come for so long. */
const READING = { limit: 10_000, pollIntervalMs: 200, idleMs: 10_000 } as const;

/** Puts transactions and reads them back until every acknowledged one was seen. */
export async function roundTrip(
  due: AsyncIterable<readonly Due<UserRecord>[]>,
  trip: RoundTrip,
  outside: Pick<Outside, 'clock' | 'random'>,
): Promise<void> {
  const seen = new AbortController();
  const state = { isProduced: false };
  const reading = readBack(trip, state, seen, outside);
  try {
    await produceAll(due, trip, outside);
    state.isProduced = true;
    if (isComplete(trip)) seen.abort();
    await reading;
  } finally {
    seen.abort();
  }
}

async function produceAll(
  due: AsyncIterable<readonly Due<UserRecord>[]>,
  { stream, producer, delivery, reconciliation }: RoundTrip,
  { clock, random }: Pick<Outside, 'clock' | 'random'>,
): Promise<void> {
  const means = { clock, random, observe: delivery.addRequest.bind(delivery) };
  for await (const receipts of put(due, stream.client, means, producer)) {
    delivery.add(receipts);
    for (const { id, isAccepted } of receipts) if (isAccepted) reconciliation.addProduced(id);
  }
}

async function readBack(
  trip: RoundTrip,
  state: { readonly isProduced: boolean },
  seen: AbortController,
  { clock }: Pick<Outside, 'clock'>,
): Promise<void> {
  const settings = { from: 'trim-horizon', ...READING } as const;
  for await (const batch of consume(trip.stream.client, { clock, stop: seen.signal }, settings)) {
    for (const { data, isInRange } of batch.records) {
      trip.reconciliation.addConsumed(transactionId(data), isInRange);
    }
    if (state.isProduced && isComplete(trip)) seen.abort();
  }
}

function isComplete({ delivery, reconciliation }: RoundTrip): boolean {
  return reconciliation.consumed >= delivery.accepted;
}

function transactionId(data: Uint8Array): string {
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
  return JSON.parse(text).transaction_id;
}
