import { FraudstreamError } from '../../errors.ts';
import { dynamoDbVerdicts } from './dynamodb-verdicts.ts';
import type { EnvelopeKind } from './envelopes.ts';
import { fileVerdicts, pipedVerdicts } from './file-verdicts.ts';
import { jsonValues } from './json-values.ts';
import { s3Verdicts } from './s3-verdicts.ts';
import type { ServiceLocation } from './source-service.ts';
import { sqsVerdicts } from './sqs-verdicts.ts';
import type { VerdictLocation } from './verdict-location.ts';
import type { VerdictSource } from './verdict-source.ts';

/** What opening a source needs. */
export interface VerdictSourceSettings {
  readonly service: ServiceLocation;
  /** What the path `-` stands for. */
  readonly stdin: AsyncIterable<Uint8Array>;
  /** What lies around each message of a queue. */
  readonly envelope?: EnvelopeKind | undefined;
}

/** Of one verdict: the most that Kinesis takes in one record. Source: Kinesis quotas. */
const LONGEST_VALUE_BYTES = 10 * 1_048_576;

/**
 * Returns the source of a location other than a Kinesis stream.
 *
 * Errors: `usage` where the package of its service is not installed.
 */
export async function openVerdictSource(
  location: Exclude<VerdictLocation, { readonly kind: 'kinesis' }>,
  { service, stdin, envelope }: VerdictSourceSettings,
): Promise<VerdictSource> {
  if (envelope !== undefined && location.kind !== 'sqs') {
    const message = `An envelope of ${envelope} comes out of queues alone, and these verdicts come from elsewhere. Leave "unwrap" out of the contract.`;
    throw new FraudstreamError('bad-config', message);
  }
  const cut = (chunks: AsyncIterable<Uint8Array>): AsyncIterable<readonly Uint8Array[]> =>
    jsonValues(chunks, LONGEST_VALUE_BYTES);
  switch (location.kind) {
    case 'sqs':
      return sqsVerdicts(location.queue, service, envelope);
    case 'dynamodb':
      return dynamoDbVerdicts(location.table, service);
    case 's3':
      return s3Verdicts(location.url, service, cut);
    case 'file':
      return location.path === '-'
        ? pipedVerdicts('stdin', stdin, cut)
        : fileVerdicts(location.path, cut);
  }
}
