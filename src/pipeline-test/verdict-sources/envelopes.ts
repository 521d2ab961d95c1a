import { parseJson } from '../../text/parse-json.ts';

/** What AWS puts around a message that it forwards to a queue. */
export const envelopeKinds = ['sns', 'eventbridge', 'lambda'] as const;

export type EnvelopeKind = (typeof envelopeKinds)[number];

/** What lay in an envelope, and the id that is the same when the message is delivered once more. */
export interface Unwrapped {
  readonly data: Uint8Array;
  readonly deliveryId: string | undefined;
}

/** Where the message lies, and the id. Source: Amazon SNS, EventBridge and Lambda developer guides. */
const forms: Readonly<
  Record<EnvelopeKind, (envelope: Fields) => readonly [message: unknown, id: unknown]>
> = {
  sns: ({ Message, MessageId }) => [Message, MessageId],
  eventbridge: ({ detail, id }) => [detail, id],
  lambda: ({ responsePayload, requestContext }) => [
    responsePayload,
    fieldsOf(requestContext).requestId,
  ],
};

type Fields = Readonly<Record<string, unknown>>;

/**
 * Takes the message out of the envelope of SNS (`Message`), EventBridge (`detail`) or a Lambda destination
 * (`responsePayload`).
 *
 * A message that is text is taken as it is. Returns `undefined` for bytes that are no such envelope.
 */
export function unwrapped(kind: EnvelopeKind, text: string): Unwrapped | undefined {
  let envelope: Fields;
  try {
    envelope = fieldsOf(parseJson(text));
  } catch {
    return undefined;
  }
  const [message, id] = forms[kind](envelope);
  if (message === undefined || message === null) return undefined;
  const data = Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));
  return { data, deliveryId: typeof id === 'string' ? id : undefined };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
