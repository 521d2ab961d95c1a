import type { ConsumedRecord } from '../records/consumed-record.ts';

/**
 * The instant of arrival at the end of a line: `{...,"arrived_at":"2026-01-31T23:59:59.999Z"}`.
 *
 * It stands in a fixed place, so that it can be taken off again and the payload is as it was, byte for byte.
 */
const TAIL_BYTES = ',"arrived_at":"2026-01-31T23:59:59.999Z"}'.length;
const CLOSE = 0x7d;

/** A record as a line: its payload with the arrival inside; what is no JSON object is wrapped. */
export function arrivalLine({ data, arrivedAt }: ConsumedRecord): Uint8Array {
  const at = Number.isNaN(arrivedAt) ? 'null' : `"${new Date(arrivedAt).toISOString()}"`;
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const isObject = bytes[0] === 0x7b && bytes.length > 2 && bytes.at(-1) === CLOSE;
  const isLine = isObject && !bytes.includes(0x0a) && !bytes.includes(0x0d);
  if (!isLine)
    return Buffer.from(`{"data_base64":"${bytes.toString('base64')}","arrived_at":${at}}`);
  return Buffer.concat([bytes.subarray(0, -1), Buffer.from(`,"arrived_at":${at}}`)]);
}

/** The payload of such a line, without the arrival. */
export function withoutArrival(line: Uint8Array): Uint8Array {
  const payload = Buffer.from(line.subarray(0, line.length - TAIL_BYTES + 1));
  payload[payload.length - 1] = CLOSE;
  return payload;
}

/** When the record of a line arrived, epoch milliseconds; `undefined` where the line does not say. */
export function arrivalOf(value: unknown): number | undefined {
  const { arrived_at: text } = Object(value) as { readonly arrived_at?: unknown };
  const arrivedAt = typeof text === 'string' && text.length === 24 ? Date.parse(text) : Number.NaN;
  return Number.isNaN(arrivedAt) ? undefined : arrivedAt;
}
