import { FraudstreamError } from '../../fraudstream-error.ts';
import type { Recorded } from '../recorded.ts';

/**
 * The records of a recorded stream, in time by when the stream took them instead of by event time.
 *
 * Errors: `bad-data` for a record whose arrival is not known.
 */
export async function* byArrival(
  groups: AsyncIterable<readonly Recorded[]>,
): AsyncGenerator<readonly Recorded[], void, undefined> {
  for await (const group of groups) yield group.map(arrived);
}

function arrived(record: Recorded): Recorded {
  const { arrivedAt = Number.NaN, id } = record;
  if (!Number.isNaN(arrivedAt)) return { ...record, eventAt: arrivedAt };
  throw new FraudstreamError(
    'bad-data',
    `Transaction ${id} has no arrived_at, which "fraudstream record" writes: leave --by arrival out.`,
  );
}
