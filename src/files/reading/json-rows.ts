import { isAscii } from 'node:buffer';
import { messageOf } from '../../errors.ts';
import { parseJson } from '../../text/parse-json.ts';
import { type InputLine, lines } from '../lines.ts';
import type { InputRow, RowFault } from './row.ts';

/** The most that Kinesis takes in one record. Source: Kinesis quotas. */
const LONGEST_LINE_BYTES = 10 * 1_048_576;
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * The rows of NDJSON, one JSON value a line; empty lines are passed over.
 *
 * A row is parsed when its value or its fault is asked for: who knows it by its bytes need not wait for that.
 */
export async function* jsonRows(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly InputRow[], void, undefined> {
  for await (const group of lines(chunks, LONGEST_LINE_BYTES)) {
    const texts = new Texts(group);
    const rows: InputRow[] = [];
    for (const line of group) if (line.bytes.length > 0) rows.push(new JsonRow(line, texts));
    if (rows.length > 0) yield rows;
  }
}

type Outcome = Pick<InputRow, 'value' | 'fault'>;

class JsonRow implements InputRow {
  readonly #line: InputLine;
  readonly #texts: Texts;
  #outcome: Outcome | undefined;

  constructor(line: InputLine, texts: Texts) {
    this.#line = line;
    this.#texts = texts;
  }

  get line(): number {
    return this.#line.number;
  }

  get bytes(): Uint8Array {
    return this.#line.bytes;
  }

  get value(): unknown {
    this.#outcome ??= outcomeOf(this.#line, this.#texts);
    return this.#outcome.value;
  }

  get fault(): RowFault | undefined {
    this.#outcome ??= outcomeOf(this.#line, this.#texts);
    return this.#outcome.fault;
  }
}

function outcomeOf(line: InputLine, texts: Texts): Outcome {
  if (line.isCut) return bad(`is longer than ${LONGEST_LINE_BYTES} bytes`);
  let text: string;
  try {
    text = texts.of(line);
  } catch {
    return bad('is not UTF-8');
  }
  try {
    return { value: parseJson(text), fault: undefined };
  } catch (error) {
    return bad(`is not JSON (${messageOf(error)})`);
  }
}

function bad(reason: string): Outcome {
  return { value: undefined, fault: { field: '', value: undefined, reason } };
}

/**
 * How the lines of a group become texts.
 *
 * Most lie in one chunk and are ASCII: that is then decoded once, when the first is asked for, and cut, which costs a fraction of
 * decoding each.
 */
class Texts {
  readonly #chunk: Uint8Array | undefined;
  #text: string | undefined;

  constructor(group: readonly InputLine[]) {
    this.#chunk = group.at(-1)?.chunk;
  }

  /** Throws for what is not UTF-8. */
  of({ bytes, chunk, at }: InputLine): string {
    if (!chunk || chunk !== this.#chunk) return decoder.decode(bytes);
    this.#text ??= isAscii(chunk) ? latin1(chunk) : '';
    return this.#text === '' ? decoder.decode(bytes) : this.#text.slice(at, at + bytes.length);
  }
}

function latin1(chunk: Uint8Array): string {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
}
