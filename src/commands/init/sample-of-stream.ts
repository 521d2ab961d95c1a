import type { Runtime } from '../../cli/runtime.ts';
import { FraudstreamError } from '../../errors.ts';
import { type Sample, sampleOfPayloads } from '../../files/sample.ts';
import { firstPayloads } from '../shared/first-payloads.ts';
import type { RemoteValues } from '../shared/open-stream.ts';

const MOST_RECORDS = 200;
/** A stream that has a record gives it sooner. */
const WAIT_MS = 10_000;

/** The first records of a stream. Errors: those of the service; `bad-data` for a stream without records. */
export async function sampleOfStream(values: RemoteValues, runtime: Runtime): Promise<Sample> {
  const payloads = await firstPayloads(values, { count: MOST_RECORDS, waitMs: WAIT_MS }, runtime);
  if (payloads.length > 0) return sampleOfPayloads(payloads, values.stream);
  const message = `Stream "${values.stream}" had no record within ${WAIT_MS / 1_000} s: put records to it, or give --sample FILE.`;
  throw new FraudstreamError('bad-data', message);
}
