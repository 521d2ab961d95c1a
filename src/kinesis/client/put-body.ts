import type { Entry } from '../entry.ts';

/**
 * The JSON body of a PutRecords call, as bytes.
 *
 * The SDK's own serializer turns every byte into base64 in JavaScript, which costs more than all
 * the rest of a put; Node's encoder does the same work natively (docs/performance.md).
 * Source: Kinesis API reference, PutRecords, request syntax.
 */
export function putBody(address: object, entries: readonly Entry[]): Buffer {
  const heads = entries.map(head);
  const opening = `${JSON.stringify(address).slice(0, -1)},"Records":[`;
  const size = entries.reduce(
    (sum, { data }, index) => sum + Buffer.byteLength(heads[index] ?? '') + base64Length(data),
    Buffer.byteLength(opening) + entries.length * '"},'.length + ']}'.length,
  );
  const body = Buffer.allocUnsafe(size);
  let at = body.write(opening);
  for (const [index, { data }] of entries.entries()) {
    at += body.write(heads[index] ?? '', at);
    at += body.write(base64(data), at, 'latin1');
    at += body.write(index + 1 < entries.length ? '"},' : '"}', at, 'latin1');
  }
  at += body.write(']}', at, 'latin1');
  return body.subarray(0, at);
}

/** All of an entry but its data: the text up to where the base64 begins. */
function head({ partitionKey, explicitHashKey }: Entry): string {
  const placing = explicitHashKey === undefined ? '' : `"ExplicitHashKey":"${explicitHashKey}",`;
  return `{${placing}"PartitionKey":${JSON.stringify(partitionKey)},"Data":"`;
}

function base64(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
}

function base64Length(data: Uint8Array): number {
  return Math.ceil(data.length / 3) * 4;
}
