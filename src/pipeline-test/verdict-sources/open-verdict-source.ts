import type { VerdictBytes } from '../../contract/verdicts-contract.ts';
import { FraudstreamError } from '../../errors.ts';
import { lines } from '../../files/lines.ts';
import { jsonValues } from '../../files/reading/json-values.ts';
import { dynamoDbVerdicts } from './dynamodb-verdicts.ts';
import { fileVerdicts, pipedVerdicts } from './file-verdicts.ts';
import { type RecordCutter, s3Verdicts } from './s3-verdicts.ts';
import type { ServiceLocation } from './source-service.ts';
import { sqsVerdicts } from './sqs-verdicts.ts';
import type { VerdictLocation } from './verdict-location.ts';
import type { VerdictSource } from './verdict-source.ts';

/** What opening a source needs. */
export interface VerdictSourceSettings {
  readonly service: ServiceLocation;
  /** What the path `-` stands for. */
  readonly stdin: AsyncIterable<Uint8Array>;
  /** JSON unless given. */
  readonly content?: VerdictBytes | undefined;
}

type OtherLocation = Exclude<VerdictLocation, { readonly kind: 'kinesis' }>;

/** Of one verdict: the most that Kinesis takes in one record. Source: Kinesis quotas. */
const LONGEST_BYTES = 10 * 1_048_576;
const JSON_CONTENT: VerdictBytes = {
  isJson: true,
  isBinary: false,
  header: undefined,
  unwrap: undefined,
};

/**
 * Returns the source of a location other than a Kinesis stream.
 *
 * Errors: `usage` where the package of its service is not installed; `bad-config` where the location cannot have such content.
 */
export async function openVerdictSource(
  location: OtherLocation,
  { service, stdin, content = JSON_CONTENT }: VerdictSourceSettings,
): Promise<VerdictSource> {
  checkContent(location, content, service.flag);
  const cut = cutterOf(content);
  switch (location.kind) {
    case 'sqs':
      return sqsVerdicts(location.queue, service, content);
    case 'dynamodb':
      return dynamoDbVerdicts(location.table, service);
    case 's3':
      return s3Verdicts(location.url, service, cut);
    case 'file':
      return location.path === '-'
        ? pipedVerdicts('stdin', stdin, cut)
        : fileVerdicts(location.path, service.flag, cut);
  }
}

function checkContent(
  { kind }: OtherLocation,
  { isJson, isBinary, unwrap }: VerdictBytes,
  flag: string,
): void {
  if (unwrap !== undefined && kind !== 'sqs') {
    const message = `"unwrap: ${unwrap}" is of the messages of a queue, and ${flag} names no queue. Leave it out of the contract, or give sqs:QUEUE.`;
    throw new FraudstreamError('bad-config', message);
  }
  if (kind === 'dynamodb' && !isJson) {
    const message = `Items of a table are read as JSON, and ${flag} names a table: write "format: json" in the contract.`;
    throw new FraudstreamError('bad-config', message);
  }
  if (kind === 'file' && isBinary) {
    const message =
      'A file of verdicts is NDJSON or CSV: Avro and Protobuf records are not delimited. Read them from a stream, a queue or S3 objects.';
    throw new FraudstreamError('bad-config', message);
  }
}

function cutterOf({ isJson, isBinary, header }: VerdictBytes): RecordCutter {
  if (isJson) return values;
  return isBinary ? wholeObject : (chunks) => rows(chunks, header);
}

/** JSON values, however they are laid out. */
async function* values(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Uint8Array[]> {
  for await (const spans of jsonValues(chunks, LONGEST_BYTES)) {
    yield spans.flatMap(({ bytes }) => (bytes.length > 0 ? [bytes] : []));
  }
}

/** All of an object as one record, the beginning of one that is too long. */
async function* wholeObject(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly Uint8Array[]> {
  const kept: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    kept.push(chunk);
    bytes += chunk.length;
    if (bytes > LONGEST_BYTES) break;
  }
  yield [Buffer.concat(kept)];
}

/** Lines without empty ones, and without a header. */
async function* rows(
  chunks: AsyncIterable<Uint8Array>,
  header: string | undefined,
): AsyncGenerator<readonly Uint8Array[]> {
  for await (const group of lines(chunks, LONGEST_BYTES)) {
    yield group
      .filter(({ number, bytes }) => bytes.length > 0 && !(number === 1 && isHeader(bytes, header)))
      .map(({ bytes }) => bytes);
  }
}

function isHeader(bytes: Uint8Array, header: string | undefined): boolean {
  return header !== undefined && Buffer.from(bytes).toString('utf8').replaceAll('"', '') === header;
}
