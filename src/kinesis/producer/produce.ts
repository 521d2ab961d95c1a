import { Delivery, type DeliverySummary } from '../../metrics/delivery.ts';
import { TimeSeries, type TimeSeriesSummary } from '../../metrics/time-series.ts';
import { type PaceSettings, paced, ready } from '../../pacing/pace-settings.ts';
import type { Due, Receipt, UserRecord } from '../../transactions/user-record.ts';
import type { PutClient } from '../put-client.ts';
import {
  type ProducerSettings,
  type PutDependencies,
  producerDefaults,
} from './producer-settings.ts';
import { put } from './put.ts';

/** When records are put, and how; what is left out is the default of the producer. */
export interface ProduceSettings {
  /** As fast as the stream takes them unless given. */
  readonly pace?: PaceSettings;
  readonly producer?: Partial<ProducerSettings>;
}

/** What a delivery needs, and who is called while it goes on. `stop` ends the source; what was taken in is delivered. */
export interface DeliveryDependencies extends Omit<PutDependencies, 'observe'> {
  /** Called once, before the first put, with the figures as they grow. */
  readonly onStart?: (delivery: Delivery, startedAt: number, series: TimeSeries) => void;
  /** Called with each group of receipts, in order; the delivery waits for it. */
  readonly onReceipts?: (receipts: readonly Receipt[]) => void | Promise<void>;
}

/**
 * How a delivery ended.
 *
 * Units: `startedAt` epoch milliseconds. `failure` is what ended it early: the stream cannot be
 * used, or the source threw. A record that failed is counted in `delivery` and no failure.
 */
export interface DeliveryResult {
  readonly startedAt: number;
  readonly delivery: DeliverySummary;
  readonly series: TimeSeriesSummary;
  readonly failure?: { readonly error: unknown };
}

/**
 * Puts records to a stream at a rate, aggregated and retried as the KPL does, and counts receipts.
 *
 * Conservation: `delivery.sent = delivery.accepted + delivery.failed`. Records: `userRecords` makes
 * them of a generated world, `openInput` reads them from files.
 */
export async function produce(
  records: Iterable<readonly UserRecord[]> | AsyncIterable<readonly UserRecord[]>,
  client: PutClient,
  { pace = { perSecond: Number.POSITIVE_INFINITY }, producer = {} }: ProduceSettings,
  dependencies: DeliveryDependencies,
): Promise<DeliveryResult> {
  const { clock, stop = new AbortController().signal } = dependencies;
  const first = await ready<UserRecord>(records, pace);
  return deliver(paced(first, pace, { clock, stop }), client, producer, dependencies);
}

/** Puts records that are due to a stream, and counts receipts. */
export async function deliver(
  records: AsyncIterable<readonly Due<UserRecord>[]>,
  client: PutClient,
  settings: Partial<ProducerSettings>,
  { onStart, onReceipts, ...dependencies }: DeliveryDependencies,
): Promise<DeliveryResult> {
  const { clock } = dependencies;
  const delivery = new Delivery();
  const startedAt = clock.now();
  const series = new TimeSeries('due to receipt');
  onStart?.(delivery, startedAt, series);
  const observed = { ...dependencies, observe: delivery.addRequest.bind(delivery) };
  let failure: DeliveryResult['failure'];
  try {
    const producer = { ...producerDefaults, ...settings };
    for await (const receipts of put(records, client, observed, producer)) {
      delivery.add(receipts);
      series.addReceipts(receipts);
      await onReceipts?.(receipts);
    }
  } catch (error) {
    failure = { error };
  }
  const summary = delivery.summary((clock.now() - startedAt) / 1000);
  const figures = { delivery: summary, series: series.summary() };
  return { startedAt, ...figures, ...(failure && { failure }) };
}
