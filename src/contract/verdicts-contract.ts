import { jsonText } from '../text/json-text.ts';
import type { Problem } from '../transactions/field-checks.ts';
import type { EnvelopeKind } from './envelopes.ts';
import type { PayloadForm } from './payload/payload-form.ts';
import { parseDecimal } from './values/decimal.ts';
import { identifierText } from './values/identifier.ts';
import type { InstantFormat } from './values/instant-format.ts';
import { NumberText } from './values/number-text.ts';
import { type Pointer, readAt } from './values/pointer.ts';
import { UnreadableValue } from './values/unreadable-value.ts';
import { featuresIn, type VerdictFeatures } from './verdict-features.ts';
import type { EngineReject, EngineVerdict, WriteRecord } from './write-verdict.ts';

/** A condition that each verdict is checked by: true where it holds. */
export interface VerdictCheck {
  readonly name: string;
  readonly at: Pointer;
  readonly holds: (value: unknown) => boolean;
}

/** What a contract says of verdicts, after all of it has been checked. */
export interface VerdictSettings {
  readonly id: Pointer;
  readonly score: { readonly at: Pointer; readonly scale: number } | undefined;
  readonly decision:
    | {
        readonly at: Pointer;
        readonly fraud: ReadonlySet<string>;
        /** Undefined where all other values are genuine. */
        readonly genuine: ReadonlySet<string> | undefined;
      }
    | undefined;
  readonly error: { readonly at: Pointer; readonly none: ReadonlySet<string> } | undefined;
  readonly eventTime: { readonly at: Pointer; readonly format: InstantFormat } | undefined;
  readonly arrivedAt: { readonly at: Pointer; readonly format: InstantFormat } | undefined;
  readonly cardId: Pointer | undefined;
  readonly features: VerdictFeatures | undefined;
  /** `frauds`: the pipeline sends alerts only, and says nothing of what it takes to be genuine. */
  readonly emits: 'every' | 'frauds';
  readonly checks: readonly VerdictCheck[];
  readonly content: VerdictBytes;
}

/** What the bytes of verdicts or dead letters are, for those who cut them apart. */
export interface VerdictBytes {
  readonly isJson: boolean;
  readonly isBinary: boolean;
  /** The line that names the columns of CSV. */
  readonly header: string | undefined;
  /** What a service has put around each message of a queue. */
  readonly unwrap: EnvelopeKind | undefined;
}

/**
 * A verdict in the user's form.
 *
 * `score` is a probability, `isFraud` the decision; undefined where the verdict has none. With an `error`
 * it has neither. `checks` are the results in the order of the contract. Units: instants are epoch milliseconds.
 */
export interface ContractVerdict {
  readonly transactionId: string;
  readonly score: number | undefined;
  readonly isFraud: boolean | undefined;
  readonly error: string | undefined;
  readonly eventAt: number | undefined;
  /** When the verdict left the pipeline, by its own field. */
  readonly arrivedAt: number | undefined;
  readonly cardId: string | undefined;
  /** From which the score was made, in their order; null where missing. */
  readonly features: readonly (number | null)[] | undefined;
  readonly checks: readonly boolean[];
}

const LONGEST_ERROR = 64;

/** Reads and writes the verdicts of a pipeline in its own form. */
export class VerdictContract {
  readonly emits: VerdictSettings['emits'];
  readonly content: VerdictBytes;
  /** The names of the checks, in their order. */
  readonly checks: readonly string[];
  /** Verdicts have scores; else they have decisions alone. */
  readonly hasScores: boolean;
  /** Verdicts say when they left the pipeline. */
  readonly hasArrival: boolean;
  /** Verdicts say whether they take the transaction to be a fraud. */
  readonly hasDecisions: boolean;
  /**
   * Compiles how verdicts are written.
   *
   * Errors: `bad-config` for a contract that is enough to read verdicts, and not to write them.
   */
  readonly writer: () => WriteRecord<EngineVerdict>;
  readonly #settings: VerdictSettings;
  readonly #form: PayloadForm;

  constructor(
    settings: VerdictSettings,
    form: PayloadForm,
    writer: () => WriteRecord<EngineVerdict>,
  ) {
    this.writer = writer;
    this.emits = settings.emits;
    this.content = settings.content;
    this.checks = settings.checks.map(({ name }) => name);
    this.hasScores = settings.score !== undefined;
    this.hasArrival = settings.arrivedAt !== undefined;
    this.hasDecisions = settings.decision !== undefined || settings.emits === 'frauds';
    this.#settings = settings;
    this.#form = form;
  }

  /** The verdict that bytes are, or the first reason why they are none. */
  decode(bytes: Uint8Array): ContractVerdict | { readonly problem: Problem } {
    const parsed = this.#form.parse(bytes);
    if ('reason' in parsed) {
      return { problem: { field: '', value: undefined, reason: parsed.reason } };
    }
    return this.read(parsed.value, bytes);
  }

  /** The verdict that a parsed value is, or the first reason why it is none. */
  read(value: unknown, bytes: Uint8Array): ContractVerdict | { readonly problem: Problem } {
    try {
      return this.#verdict(value, bytes);
    } catch (error) {
      if (error instanceof VerdictMisfit) return { problem: error.problem };
      throw error;
    }
  }

  #verdict(value: unknown, bytes: Uint8Array): ContractVerdict {
    const { eventTime, arrivedAt, cardId, features, checks } = this.#settings;
    const error = this.#error(value);
    const transactionId = this.#text(this.#settings.id, value, bytes);
    if (transactionId === undefined)
      throw new VerdictMisfit(this.#settings.id, value, 'is absent (id)');
    const score = error === undefined ? this.#score(value) : undefined;
    const isFraud = error === undefined ? this.#decision(value) : undefined;
    if (error === undefined && score === undefined && isFraud === undefined) {
      const at = this.#settings.score?.at ?? this.#settings.decision?.at ?? this.#settings.id;
      throw new VerdictMisfit(
        at,
        value,
        'is absent: a verdict has a score, a decision or an error',
      );
    }
    return {
      transactionId,
      score,
      isFraud,
      error,
      eventAt: instantAt(eventTime, value),
      arrivedAt: instantAt(arrivedAt, value),
      cardId: cardId && this.#text(cardId, value, bytes),
      features: features && fittingFeatures(features, value),
      checks: checks.map(({ at, holds }) => holds(readAt(at, value))),
    };
  }

  #text(at: Pointer, value: unknown, bytes: Uint8Array): string | undefined {
    const seen = readAt(at, value);
    if (seen === undefined || seen === null || seen === '') return undefined;
    const source = typeof seen === 'number' ? this.#form.source(bytes, at.steps) : undefined;
    const text = identifierText(source === undefined ? seen : new NumberText(source));
    if (text instanceof UnreadableValue) throw new VerdictMisfit(at, value, text.reason);
    return text;
  }

  #score(value: unknown): number | undefined {
    const { score } = this.#settings;
    const seen = score && readAt(score.at, value);
    if (!score || seen === undefined || seen === null || seen === '') return undefined;
    const given = numberIn(seen);
    const probability = given / score.scale;
    if (probability >= 0 && probability <= 1) return probability;
    throw new VerdictMisfit(score.at, value, `must be a number from 0 to ${score.scale} (score)`);
  }

  #decision(value: unknown): boolean | undefined {
    const { decision, emits } = this.#settings;
    if (!decision) return emits === 'frauds' ? true : undefined;
    const seen = readAt(decision.at, value);
    if (seen === undefined || seen === null || seen === '') return undefined;
    const text = typeof seen === 'object' ? undefined : String(seen);
    if (text !== undefined && decision.fraud.has(text)) return true;
    if (text !== undefined && (decision.genuine?.has(text) ?? true)) return false;
    const known = [...decision.fraud, ...(decision.genuine ?? [])].join(', ');
    throw new VerdictMisfit(decision.at, value, `must be one of ${known} (decision)`);
  }

  #error(value: unknown): string | undefined {
    const { error } = this.#settings;
    const seen = error && readAt(error.at, value);
    if (!error || seen === undefined || seen === null || seen === '' || seen === false)
      return undefined;
    const text = typeof seen === 'object' ? jsonText(seen) : String(seen);
    return error.none.has(text) ? undefined : text.slice(0, LONGEST_ERROR);
  }
}

/** What a contract says of dead letters, after all of it has been checked. */
export interface RejectSettings {
  readonly content: VerdictBytes;
  readonly id: Pointer | undefined;
  readonly reason: Pointer | undefined;
}

/** A dead letter in the user's form, as far as it could be read. */
export interface ContractReject {
  readonly transactionId: string | undefined;
  readonly reason: string;
}

/** Reads and writes the dead letters of a pipeline in its own form. */
export class RejectContract {
  readonly content: VerdictBytes;
  /** Compiles how dead letters are written. Errors: `bad-config` for values that do not fit the schema. */
  readonly writer: () => WriteRecord<EngineReject>;
  readonly #settings: RejectSettings;
  readonly #form: PayloadForm;

  constructor(
    settings: RejectSettings,
    form: PayloadForm,
    writer: () => WriteRecord<EngineReject>,
  ) {
    this.content = settings.content;
    this.writer = writer;
    this.#settings = settings;
    this.#form = form;
  }

  /** A dead letter is one whatever is in it: without an id it is about nothing that was sent. */
  decode(bytes: Uint8Array): ContractReject {
    const parsed = this.#form.parse(bytes);
    if ('reason' in parsed)
      return { transactionId: undefined, reason: 'the dead letter cannot be read' };
    const { id, reason } = this.#settings;
    const seen = id && readAt(id, parsed.value);
    const source = id && typeof seen === 'number' ? this.#form.source(bytes, id.steps) : undefined;
    const text = identifierText(source === undefined ? seen : new NumberText(source));
    const why = reason && readAt(reason, parsed.value);
    const isReason = why !== undefined && why !== null && why !== '';
    return {
      transactionId: text instanceof UnreadableValue || text === '' ? undefined : text,
      reason: isReason ? shortText(why) : 'no reason given',
    };
  }
}

/** Ends the reading of one verdict. */
class VerdictMisfit extends Error {
  readonly problem: Problem;

  constructor(at: Pointer, whole: unknown, reason: string) {
    super(reason);
    this.problem = { field: at.text, value: readAt(at, whole), reason };
  }
}

function instantAt(
  place: { readonly at: Pointer; readonly format: InstantFormat } | undefined,
  value: unknown,
): number | undefined {
  const seen = place && readAt(place.at, value);
  if (!place || seen === undefined || seen === null || seen === '') return undefined;
  const instant = place.format.read(seen);
  if (instant instanceof UnreadableValue) throw new VerdictMisfit(place.at, value, instant.reason);
  return instant;
}

function fittingFeatures(
  places: VerdictFeatures,
  value: unknown,
): readonly (number | null)[] | undefined {
  const found = featuresIn(places, value);
  if (!(found instanceof UnreadableValue)) return found;
  const [at] = 'at' in places ? [places.at] : places.byName.values();
  throw new VerdictMisfit(at as Pointer, value, found.reason);
}

function numberIn(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'string' && parseDecimal(value) ? Number(value) : Number.NaN;
}

function shortText(value: unknown): string {
  return (typeof value === 'string' ? value : jsonText(value)).slice(0, LONGEST_ERROR);
}
