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
    const rows: Row[] = [];
    for (const line of group) if (line.bytes.length > 0) rows.push(rowOf(line));
    if (rows.length > 0) yield rows;
  }
}

function rowOf({ number: line, bytes, isCut }: Line): Row {
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

/** Short texts decode fastest as Latin-1, which is right as long as all is ASCII. */
function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return isAscii(buffer) ? buffer.toString('latin1') : decoder.decode(bytes);
}
