import { isAscii } from 'node:buffer';
import { type Line, lines } from '../lines.ts';
import type { Row } from './row.ts';

/** The most that Kinesis takes in one record. Source: Kinesis quotas. */
const LONGEST_LINE_BYTES = 10 * 1_048_576;
const decoder = new TextDecoder('utf-8', { fatal: true });

/** The rows of NDJSON, one JSON value a line; empty lines are passed over. */
export async function* jsonRows(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly Row[], void, undefined> {
  for await (const group of lines(chunks, LONGEST_LINE_BYTES)) {
    const textOf = textsOf(group);
    const rows: Row[] = [];
    for (const line of group) if (line.bytes.length > 0) rows.push(rowOf(line, textOf));
    if (rows.length > 0) yield rows;
  }
}

function rowOf({ number: line, bytes, isCut }: Line, textOf: (bytes: Uint8Array) => string): Row {
  if (isCut) return bad(line, bytes, `is longer than ${LONGEST_LINE_BYTES} bytes`);
  let text: string;
  try {
    text = textOf(bytes);
  } catch {
    return bad(line, bytes, 'is not UTF-8');
  }
  try {
    return { line, bytes, value: JSON.parse(text), fault: undefined };
  } catch (error) {
    return bad(line, bytes, `is not JSON (${error instanceof Error ? error.message : error})`);
  }
}

function bad(line: number, bytes: Uint8Array, reason: string): Row {
  return { line, bytes, value: undefined, fault: { field: '', value: undefined, reason } };
}

/**
 * How the lines of a group become texts.
 *
 * Most lie in one piece of memory and are ASCII: that is then decoded once, and cut, which costs a fraction of
 * decoding each. Throws for what is not UTF-8.
 */
function textsOf(group: readonly Line[]): (bytes: Uint8Array) => string {
  const last = group[group.length - 1]?.bytes;
  const first = group.find(({ bytes }) => bytes.buffer === last?.buffer)?.bytes;
  if (!first || !last) return (bytes) => decoder.decode(bytes);
  const { buffer, byteOffset: from } = first;
  const piece = Buffer.from(buffer, from, last.byteOffset + last.length - from);
  if (!isAscii(piece)) return (bytes) => decoder.decode(bytes);
  const text = piece.toString('latin1');
  return (bytes) => {
    if (bytes.buffer !== buffer) return decoder.decode(bytes);
    return text.slice(bytes.byteOffset - from, bytes.byteOffset - from + bytes.length);
  };
}
