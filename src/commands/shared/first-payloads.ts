import type { Runtime } from '../../cli/runtime.ts';
import { consume } from '../../kinesis/consumer/consume.ts';
import { openExisting, type RemoteValues } from './open-stream.ts';

/** How many records are wanted, and how long they are waited for. */
export interface FirstPayloadsSettings {
  readonly count: number;
  readonly waitMs: number;
}

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
  const stream = await openExisting(values, { clock, stop, err });
  const late = new AbortController();
  const ended = AbortSignal.any([stop, late.signal]);
  const timer = clock.sleep(waitMs, ended).then(() => late.abort());
  const payloads: Uint8Array[] = [];
  try {
    const settings = {
      from: 'trim-horizon',
      limit: LIMIT,
      pollIntervalMs: POLL_MS,
      count,
    } as const;
    for await (const { records } of consume(stream.client, { clock, stop: ended }, settings)) {
      payloads.push(...records.map(({ data }) => data));
      if (payloads.length >= count) break;
    }
  } finally {
    late.abort();
    await timer;
    await stream.close();
  }
  return payloads.slice(0, count);
}
