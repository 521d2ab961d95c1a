import { parseJson } from '../text/parse-json.ts';
import { spanAt } from './payload/json-span.ts';

/** What AWS puts around a message that it forwards to a queue. */
export const envelopeKinds = ['sns', 'eventbridge', 'lambda'] as const;

export type EnvelopeKind = (typeof envelopeKinds)[number];

/** What lay in an envelope, and the id that is the same when the message is delivered once more. */
export interface Unwrapped {
  readonly data: Buffer;
  readonly deliveryId: string | undefined;
}

/** Where the message and its id lie. Source: Amazon SNS, EventBridge and Lambda developer guides. */
const places: Readonly<
  Record<EnvelopeKind, { readonly message: string; readonly id: readonly string[] }>
> = {
  sns: { message: 'Message', id: ['MessageId'] },
  eventbridge: { message: 'detail', id: ['id'] },
  lambda: { message: 'responsePayload', id: ['requestContext', 'requestId'] },
};

/**
 * Takes the message out of the envelope of SNS (`Message`), EventBridge (`detail`) or a Lambda destination
 * (`responsePayload`).
 *
 * A message that is text is what the text says; any other has its own bytes. Returns `undefined` for what is no such envelope.
 */
export function unwrapped(kind: EnvelopeKind, text: string): Unwrapped | undefined {
  const { message: name, id } = places[kind];
  const envelope = parsed(text);
  const message = valueAt(envelope, [name]);
  if (message === undefined || message === null) return undefined;
  const deliveryId = valueAt(envelope, id);
  return {
    data: typeof message === 'string' ? Buffer.from(message) : bytesAt(text, name),
    deliveryId: typeof deliveryId === 'string' ? deliveryId : undefined,
  };
}

function bytesAt(text: string, name: string): Buffer {
  const bytes = Buffer.from(text);
  const span = spanAt(bytes, [name]);
  return bytes.subarray(span?.from, span?.end);
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function valueAt(value: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, step)
        ? (inner as Record<string, unknown>)[step]
        : undefined,
    value,
  );
}
