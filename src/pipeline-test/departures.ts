import type { ProducerSettings } from '../kinesis/producer/producer-settings.ts';
import type { Clock } from '../stream/clock.ts';
import type { Due, Receipt, UserRecord } from '../transactions/user-record.ts';

/** Notes how punctually groups leave, and how long whoever takes them took none. */
export interface DepartureObserver<T> {
  /** A group leaves at this instant. */
  left(group: readonly T[], now: number): void;
  /** True while whoever takes the groups is full, so that a delay is not this machine's. */
  isFull(): boolean;
  addBlocked(ms: number): void;
}

/** Longer than this between two groups, and whoever takes them has blocked the source. */
const BLOCKED_MS = 20;

/** The same groups; how each leaves is reported to the observer. */
export async function* observeDepartures<T>(
  groups: AsyncIterable<readonly T[]>,
  observer: DepartureObserver<T>,
  clock: Clock,
): AsyncGenerator<readonly T[], void, undefined> {
  for await (const group of groups) {
    const now = clock.now();
    observer.left(group, now);
    yield group;
    const tookMs = clock.now() - now;
    if (tookMs > BLOCKED_MS && observer.isFull()) observer.addBlocked(tookMs);
  }
}

type OutstandingLimits = Pick<ProducerSettings, 'maxOutstandingRecords' | 'maxOutstandingBytes'>;

/** From this share of its bounds on, a producer blocks the source: the stream takes no more. */
const NEARLY_FULL = 0.9;

/** The user records that a producer was given and has no receipt of yet. */
export class ProducerBacklog {
  readonly #limits: OutstandingLimits;
  #records = 0;
  #bytes = 0;

  constructor(limits: OutstandingLimits) {
    this.#limits = limits;
  }

  add(group: readonly Due<UserRecord>[]): void {
    this.#records += group.length;
    for (const { record } of group) this.#bytes += record.data.length;
  }

  remove(receipts: readonly Receipt[]): void {
    this.#records -= receipts.length;
    for (const { payloadBytes } of receipts) this.#bytes -= payloadBytes;
  }

  get isNearlyFull(): boolean {
    const { maxOutstandingRecords, maxOutstandingBytes } = this.#limits;
    return (
      this.#records >= NEARLY_FULL * maxOutstandingRecords ||
      this.#bytes >= NEARLY_FULL * maxOutstandingBytes
    );
  }
}
