import { isJsonObject } from '../../text/parse-json.ts';
import { invalid } from './service-error.ts';
import type { Store } from './store.ts';
import type { StoredStream } from './stream.ts';

/** No list of a request is that long; its reader checks what is in it. */
const ITEMS_AT_MOST = 10_000;

/** The fields of a request as they came; each reader says what it must be. */
export class KinesisRequest {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(fields: unknown) {
    this.#fields = isJsonObject(fields) ? fields : {};
  }

  text(name: string): string {
    const value = this.#fields[name];
    if (typeof value !== 'string') throw invalid(`${name} is required and must be a string.`);
    return value;
  }

  optionalText(name: string): string | undefined {
    return this.#fields[name] === undefined || this.#fields[name] === null
      ? undefined
      : this.text(name);
  }

  /** True for `true`; absent is false. */
  isTrue(name: string): boolean {
    const value = this.#fields[name] ?? false;
    if (typeof value === 'boolean') return value;
    throw invalid(`${name} must be true or false, not ${String(value).slice(0, 50)}.`);
  }

  /** A whole number within bounds, or the value for none. */
  number(name: string, [least, most]: readonly [number, number], otherwise: number): number {
    const value = this.#fields[name] ?? otherwise;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) {
      return value;
    }
    throw invalid(`${name} must be a whole number from ${least} to ${most}, not ${String(value)}.`);
  }

  /** An instant in epoch milliseconds; the wire has epoch seconds. */
  instant(name: string): number {
    const value = this.#fields[name];
    if (typeof value === 'number') return value * 1000;
    throw invalid(`${name} is required and must be a timestamp.`);
  }

  list(name: string): readonly KinesisRequest[] {
    const value = this.#fields[name];
    if (!Array.isArray(value)) throw invalid(`${name} is required and must be a list.`);
    if (value.length > ITEMS_AT_MOST) {
      throw invalid(`${name} must have at most ${ITEMS_AT_MOST} members, not ${value.length}.`);
    }
    return value.map((item) => new KinesisRequest(item));
  }

  texts(name: string): readonly string[] {
    const value = this.#fields[name];
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    throw invalid(`${name} is required and must be a list of strings.`);
  }

  /** A structure within the request; empty when it is not there. */
  part(name: string): KinesisRequest {
    return new KinesisRequest(this.#fields[name]);
  }

  optionalMap(name: string): ReadonlyMap<string, string> {
    return this.#fields[name] === undefined ? new Map() : this.map(name);
  }

  map(name: string): ReadonlyMap<string, string> {
    const value = this.#fields[name];
    if (typeof value !== 'object' || value === null) throw invalid(`${name} is required.`);
    return new Map(Object.entries(value).map(([key, text]) => [key, String(text)]));
  }
}

/** One API operation: what it does at an instant, and what it answers (JSON). */
export type Operation = (request: KinesisRequest, store: Store, now: number) => object;

/** The stream that a request names, by name or ARN (`ResourceARN` where tags are asked for). */
export function streamOf(request: KinesisRequest, store: Store, now: number): StoredStream {
  const arn = request.optionalText('StreamARN') ?? request.optionalText('ResourceARN');
  return store.stream(request.optionalText('StreamName'), arn, now);
}

/** Epoch seconds, as the wire has instants. */
export function seconds(epochMs: number): number {
  return epochMs / 1000;
}
