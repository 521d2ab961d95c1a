import { FraudstreamError } from '../../errors.ts';
import { jsonText } from '../../text/json-text.ts';
import { isJsonObject } from '../../text/parse-json.ts';

const LONGEST_SHOWN = 60;

/** Error `bad-config`: a value that does not fit its schema; `at` are the names that lead to it, `reason` says what it must be. */
export class Misfit extends FraudstreamError {
  readonly reason: string;
  readonly value: unknown;
  readonly at: readonly string[];

  constructor(reason: string, value: unknown, at: readonly string[] = []) {
    const place = at.length === 0 ? 'the payload' : `/${at.join('/')}`;
    const seen = value === undefined ? ', and is absent' : `, not ${shown(value)}`;
    super(
      'bad-config',
      `A payload does not fit the schema of its contract: ${place} ${reason}${seen}.`,
    );
    this.reason = reason;
    this.value = value;
    this.at = at;
  }

  /** The same, as seen from the object that has the value under a name. */
  within(name: string): Misfit {
    return new Misfit(this.reason, this.value, [name, ...this.at]);
  }
}

function shown(value: unknown): string {
  const text = typeof value === 'bigint' ? String(value) : jsonText(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN - 3)}...` : text;
}

/** True for a value that a record or a map is written from. */
export function isRecordValue(value: unknown): value is Readonly<Record<string, unknown>> {
  return isJsonObject(value) && !(value instanceof Uint8Array);
}
