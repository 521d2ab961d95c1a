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

function rowOf(line: Line, textOf: (line: Line) => string): Row {
  const { number, bytes } = line;
  if (line.isCut) return bad(number, bytes, `is longer than ${LONGEST_LINE_BYTES} bytes`);
  let text: string;
  try {
    text = textOf(line);
  } catch {
    return bad(number, bytes, 'is not UTF-8');
  }
  try {
    return { line: number, bytes, value: JSON.parse(text), fault: undefined };
  } catch (error) {
    return bad(number, bytes, `is not JSON (${error instanceof Error ? error.message : error})`);
  }
}

function bad(line: number, bytes: Uint8Array, reason: string): Row {
  return { line, bytes, value: undefined, fault: { field: '', value: undefined, reason } };
}

/**
 * How the lines of a group become texts.
 *
 * Most lie in one chunk and are ASCII: that is then decoded once, and cut, which costs a fraction of
 * decoding each. Throws for what is not UTF-8.
 */
function textsOf(group: readonly Line[]): (line: Line) => string {
  const { chunk } = group[group.length - 1] as Line;
  if (!chunk || !isAscii(chunk)) return ({ bytes }) => decoder.decode(bytes);
  const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
  return (line) =>
    line.chunk === chunk
      ? text.slice(line.at, line.at + line.bytes.length)
      : decoder.decode(line.bytes);
}
