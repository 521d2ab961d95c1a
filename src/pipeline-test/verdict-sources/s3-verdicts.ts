import { Readable } from 'node:stream';
import type { _Object as ListedContent, S3Client } from '@aws-sdk/client-s3';
import { type ErrorCode, FraudstreamError } from '../../errors.ts';
import { unpacked } from '../../files/reading/byte-source.ts';
import { downloaded, s3Client, s3Sdk } from '../../files/reading/s3.ts';
import { type Deliver, gatheredGroups } from './gathered-groups.ts';
import {
  type Call,
  type CalledService,
  callError,
  callsOf,
  type ServiceLocation,
} from './source-service.ts';
import {
  type SourceDependencies,
  serviceSecond,
  type VerdictReading,
  type VerdictRecord,
  type VerdictSource,
} from './verdict-source.ts';

type Sdk = typeof import('@aws-sdk/client-s3');

/** What an object holds is cut into records. */
export type RecordCutter = (
  chunks: AsyncIterable<Uint8Array>,
) => AsyncIterable<readonly Uint8Array[]>;

/** Between two lists. */
const POLL_MS = 1_000;
/** Objects that are read at once. */
const READERS = 4;
/** Each list asks for all keys of the prefix: more of them take longer than verdicts can wait. */
const MOST_OBJECTS = 100_000;
/** Tries to read one object, each from where the last one broke. */
const TRIES = 5;

/** Errors that end the reading of all objects. */
const LASTING: ReadonlySet<ErrorCode> = new Set(['no-permission', 'no-credentials']);
/** An archive that is damaged is not mended by reading it again; an object that is gone does not come back. */
const POINTLESS: ReadonlySet<ErrorCode> = new Set(['bad-data', 'not-found']);

/** An object, as a list names it. */
interface ListedObject {
  readonly key: string;
  readonly tag: string;
  readonly modifiedAt: number;
}

/**
 * Verdicts in the objects that are written under a prefix, `s3://bucket/prefix/`, while they are read.
 *
 * What is there when the reading begins is passed over. An object that is overwritten is read again. Arrival is
 * `LastModified`, which has whole seconds.
 * Errors: `usage` without `@aws-sdk/client-s3`; `bad-config` when the prefix has more than 100,000 objects.
 */
export async function s3Verdicts(
  url: string,
  location: ServiceLocation,
  cut: RecordCutter,
): Promise<VerdictSource> {
  const sdk = await s3Sdk();
  const open = async (dependencies: SourceDependencies): Promise<VerdictReading> => {
    const prefix = await PrefixReading.open(url, sdk, location, dependencies);
    try {
      await prefix.begin();
    } catch (error) {
      prefix.close();
      throw error;
    }
    return { established: Promise.resolve(), groups: prefix.groups(cut) };
  };
  return { location: url, arrival: serviceSecond, isOrdered: false, open };
}

class PrefixReading {
  readonly #url: string;
  readonly #sdk: Sdk;
  readonly #lists: S3Client;
  readonly #reads: S3Client;
  readonly #location: ServiceLocation;
  readonly #dependencies: SourceDependencies;
  readonly #call: Call;
  /** The tag of each object that is known, by its key. */
  readonly #known = new Map<string, string>();

  private constructor(
    url: string,
    sdk: Sdk,
    clients: readonly [S3Client, S3Client],
    location: ServiceLocation,
    dependencies: SourceDependencies,
  ) {
    this.#url = url;
    this.#sdk = sdk;
    [this.#lists, this.#reads] = clients;
    this.#location = location;
    this.#dependencies = dependencies;
    const called: CalledService = {
      service: 'S3',
      subject: url,
      location,
      permissions: 's3:ListBucket on the bucket and s3:GetObject on its objects',
    };
    this.#call = callsOf(called, dependencies);
  }

  static async open(
    url: string,
    sdk: Sdk,
    location: ServiceLocation,
    dependencies: SourceDependencies,
  ): Promise<PrefixReading> {
    const place = { ...location, idleTimeoutMs: location.requestTimeoutMs };
    const lists = await s3Client(place, { maxConnections: 1, isStreamed: false });
    const reads = await s3Client(place, { maxConnections: READERS, isStreamed: true });
    return new PrefixReading(url, sdk, [lists, reads], location, dependencies);
  }

  /** Notes what is there. */
  async begin(): Promise<void> {
    await this.#listed(true);
  }

  close(): void {
    this.#lists.destroy();
    this.#reads.destroy();
  }

  async *groups(cut: RecordCutter): AsyncGenerator<readonly VerdictRecord[]> {
    const { stop: outsideStop, clock } = this.#dependencies;
    try {
      yield* gatheredGroups<VerdictRecord>(outsideStop, async (deliver, stop) => {
        while (!stop.aborted) {
          const fresh = [...(await this.#listed(false))].reverse();
          const read = async (): Promise<void> => {
            for (let next = fresh.pop(); next && !stop.aborted; next = fresh.pop()) {
              await this.#read(next, cut, deliver, stop);
            }
          };
          await Promise.all(Array.from({ length: READERS }, read));
          await clock.sleep(POLL_MS, stop);
        }
      });
    } finally {
      this.close();
    }
  }

  /** The objects that are new or changed since the last list, the oldest first. */
  async #listed(isFirst: boolean): Promise<readonly ListedObject[]> {
    const { bucket, key: prefix } = partsOf(this.#url);
    const fresh: ListedObject[] = [];
    let token: string | undefined;
    do {
      const command = new this.#sdk.ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        ...(token !== undefined && { ContinuationToken: token }),
      });
      const answer = await this.#call(
        'ListObjectsV2',
        (abort) => this.#lists.send(command, abort),
        isFirst,
      );
      for (const content of answer.Contents ?? []) fresh.push(...this.#fresh(content));
      token = answer.IsTruncated ? answer.NextContinuationToken : undefined;
    } while (token !== undefined);
    return fresh.sort((one, other) => one.modifiedAt - other.modifiedAt);
  }

  /** The object, if it is new or changed. Errors: `bad-config` for too many. */
  #fresh({ Key: key, ETag: tag = '', LastModified }: ListedContent): readonly ListedObject[] {
    if (key === undefined || this.#known.get(key) === tag) return [];
    this.#known.set(key, tag);
    if (this.#known.size > MOST_OBJECTS) throw tooMany(this.#url);
    return [{ key, tag, modifiedAt: LastModified?.getTime() ?? Number.NaN }];
  }

  /** Reads one object; a try that breaks off is followed by one that goes on behind what was counted. */
  async #read(
    object: ListedObject,
    cut: RecordCutter,
    deliver: Deliver<VerdictRecord>,
    stop: AbortSignal,
  ): Promise<void> {
    let counted = 0;
    const count = async (values: readonly Uint8Array[]): Promise<void> => {
      counted += values.length;
      const { modifiedAt: arrivedAt } = object;
      await deliver(values.map((data) => ({ data, arrivedAt, isInRange: true })));
    };
    for (let tried = 1; tried <= TRIES && !stop.aborted; tried += 1) {
      const isOver = await this.#readFrom(counted, object, cut, count, stop).then(
        () => true,
        (error: unknown) => this.#isPointless(error, stop),
      );
      if (isOver) return;
      await this.#dependencies.clock.sleep(POLL_MS, stop);
    }
  }

  /** Counts why an object could not be read; true where reading it again is no use. */
  #isPointless(error: unknown, stop: AbortSignal): boolean {
    if (stop.aborted) return true;
    if (!(error instanceof FraudstreamError) || LASTING.has(error.code)) throw error;
    this.#dependencies.events.readFailed(error.code);
    return POINTLESS.has(error.code);
  }

  /** Hands over the values of an object from a position on. */
  async #readFrom(
    counted: number,
    object: ListedObject,
    cut: RecordCutter,
    count: (values: readonly Uint8Array[]) => Promise<void>,
    stop: AbortSignal,
  ): Promise<void> {
    const bytes = await this.#bytes(object, stop);
    let position = 0;
    for await (const values of cut(unpacked(bytes, object.key, undefined))) {
      const from = Math.max(0, counted - position);
      position += values.length;
      await count(values.slice(from));
    }
  }

  async #bytes(
    { key, tag }: ListedObject,
    abortSignal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>> {
    const { bucket } = partsOf(this.#url);
    const name = `s3://${bucket}/${key}`;
    const command = new this.#sdk.GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: tag });
    try {
      const { Body } = await this.#reads.send(command, { abortSignal });
      if (!(Body instanceof Readable)) throw new Error('the answer to GetObject has no body');
      return downloaded(Body, name, this.#location.requestTimeoutMs);
    } catch (error) {
      const isGone = error instanceof Error && /^(NoSuchKey|PreconditionFailed)$/.test(error.name);
      if (isGone) throw new FraudstreamError('not-found', `${name} has changed or is gone.`);
      throw callError(error, {
        service: 'S3',
        subject: name,
        location: this.#location,
        permissions: 's3:GetObject on the objects',
      });
    }
  }
}

function partsOf(url: string): { readonly bucket: string; readonly key: string } {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(url) ?? [];
  return { bucket, key };
}

function tooMany(url: string): FraudstreamError {
  const message = `${url} has more than ${MOST_OBJECTS} objects, and each list names them all. Give a narrower prefix, such as one of today.`;
  return new FraudstreamError('bad-config', message);
}
