import type { Runtime } from '../../cli/runtime.ts';
import { consume } from '../../kinesis/consumer/consume.ts';
import { openExisting, type RemoteValues } from './open-stream.ts';

/** How many records are wanted, and how long they are waited for. */
export interface FirstPayloadsSettings {
  readonly count: number;
  readonly waitMs: number;
}

/** After the first records the others are waited for so long. */
const MORE_MS = 2_000;
const POLL_MS = 250;
const LIMIT = 1_000;

/**
 * The payloads that a stream still has, from the oldest on; as many as came in time.
 *
 * Errors: those of the service.
 */
export async function firstPayloads(
  values: RemoteValues,
  { count, waitMs }: FirstPayloadsSettings,
  { clock, stop, err }: Pick<Runtime, 'clock' | 'stop' | 'err'>,
): Promise<readonly Uint8Array[]> {
  const stream = await openExisting(values, 'read', { clock, stop, err });
  const late = new AbortController();
  const ended = AbortSignal.any([stop, late.signal]);
  const end = (ms: number): Promise<void> => clock.sleep(ms, ended).then(() => late.abort());
  const waits = [end(waitMs)];
  const payloads: Uint8Array[] = [];
  try {
    const settings = {
      from: 'trim-horizon',
      limit: LIMIT,
      pollIntervalMs: POLL_MS,
      count,
    } as const;
    for await (const { records } of consume(stream.client, { clock, stop: ended }, settings)) {
      if (records.length > 0 && payloads.length === 0) waits.push(end(MORE_MS));
      payloads.push(...records.map(({ data }) => data));
      if (payloads.length >= count) break;
    }
  } finally {
    late.abort();
    await Promise.all(waits);
    await stream.close();
  }
  return payloads.slice(0, count);
}
