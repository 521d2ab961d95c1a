import type { Runtime } from '../../cli/runtime.ts';
import { inspect, type StreamCheck, type StreamUse } from '../../kinesis/client/inspect-stream.ts';

/** The checks of a further stream: region, credentials and clock were checked with the first. */
export async function* ofStreamAlone(
  settings: Parameters<typeof inspect>[0],
  { clock }: Pick<Runtime, 'clock'>,
  use: StreamUse,
): AsyncGenerator<StreamCheck> {
  for await (const check of inspect(settings, clock, use)) {
    if (!['region', 'credentials', 'clock'].includes(check.subject)) yield check;
  }
}
