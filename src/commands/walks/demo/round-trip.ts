import { consume } from '../../../kinesis/consume.ts';
import { producerDefaults } from '../../../kinesis/producer/producer-settings.ts';
import { put } from '../../../kinesis/put.ts';
import type { Due } from '../../../records/due.ts';
import type { UserRecord } from '../../../records/user-record.ts';
import { parseVerdict, type Verdict } from '../../../records/verdict.ts';
import type { Delivery } from '../../../reporting/delivery.ts';
import type { Reconciliation } from '../../../reporting/reconciliation.ts';
import type { Outside } from '../../outside.ts';
import type { OpenStream } from '../sources/stream.ts';

/** Both ends of a pipeline at once, and what they saw. */
export interface RoundTrip {
  readonly input: OpenStream;
  readonly verdicts: OpenStream;
  readonly delivery: Delivery;
  readonly reconciliation: Reconciliation;
  hear(verdict: Verdict): void;
}

/** As often as Kinesis lets a shard be read; gives up when nothing has come for so long. */
const READING = { limit: 10_000, pollIntervalMs: 200, idleMs: 10_000 } as const;

/** Puts transactions and reads verdicts until every acknowledged one has its verdict. */
export async function roundTrip(
  due: AsyncIterable<readonly Due<UserRecord>[]>,
  trip: RoundTrip,
  outside: Pick<Outside, 'clock' | 'random'>,
): Promise<void> {
  const seen = new AbortController();
  const state = { isProduced: false };
  const reading = readVerdicts(trip, state, seen, outside);
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
  { input, delivery, reconciliation }: RoundTrip,
  { clock, random }: Pick<Outside, 'clock' | 'random'>,
): Promise<void> {
  const means = { clock, random, observe: delivery.addRequest.bind(delivery) };
  for await (const receipts of put(due, input.client, means, producerDefaults)) {
    delivery.add(receipts);
    for (const { id, isAccepted } of receipts) if (isAccepted) reconciliation.addProduced(id);
  }
}

async function readVerdicts(
  trip: RoundTrip,
  state: { readonly isProduced: boolean },
  seen: AbortController,
  { clock }: Pick<Outside, 'clock'>,
): Promise<void> {
  const settings = { from: 'trim-horizon', ...READING } as const;
  const { client } = trip.verdicts;
  for await (const batch of consume(client, { clock, stop: seen.signal }, settings)) {
    for (const { data, isInRange } of batch.records) {
      const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
      const result = parseVerdict(JSON.parse(text));
      if ('problem' in result) continue;
      trip.reconciliation.addConsumed(result.verdict.transaction_id, isInRange);
      trip.hear(result.verdict);
    }
    if (state.isProduced && isComplete(trip)) seen.abort();
  }
}

function isComplete({ delivery, reconciliation }: RoundTrip): boolean {
  return reconciliation.consumed >= delivery.accepted;
}
