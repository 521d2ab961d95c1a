import { messageOf } from '../../errors.ts';
import { parseJson } from '../../text/parse-json.ts';
import { type InputLine, lines } from '../lines.ts';
import { type JsonSpan, jsonValues, layoutOf, onOneLine, valuesOnLine } from './json-values.ts';
import { LineTexts } from './line-texts.ts';
import type { InputRow, RowFault } from './row.ts';

/** The most that Kinesis takes in one record. Source: Kinesis quotas. */
const LONGEST_LINE_BYTES = 10 * 1_048_576;
const decoder = new TextDecoder('utf-8', { fatal: true });
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The rows of JSON: one value a line, values without separators, over several lines, or the items of an array.
 *
 * Which it is the first line says. Empty lines are passed over. A row is parsed when its value or its fault is asked for: who knows it by
 * its bytes need not wait for that.
 */
export async function* jsonRows(
  chunks: AsyncIterable<Uint8Array>,
  parse: (text: string) => unknown = parseJson,
): AsyncGenerator<readonly InputRow[], void, undefined> {
  const { first, all } = await begun(chunks);
  if (layoutOf(first) !== 'lines') {
    for await (const spans of jsonValues(all, LONGEST_LINE_BYTES)) {
      yield spans.map((span) => spanRow(span, parse));
    }
    return;
  }
  for await (const group of lines(all, LONGEST_LINE_BYTES)) {
    const rows = rowsOf(group, parse);
    if (rows.length > 0) yield rows;
  }
}

function rowsOf(
  group: readonly InputLine[],
  parse: (text: string) => unknown,
): readonly InputRow[] {
  const texts = new LineTexts(group);
  const rows: InputRow[] = [];
  const chunk = group.at(-1)?.chunk;
  const isPlain = chunk !== undefined && !hasNeighbours(chunk);
  for (const line of group) {
    if (line.bytes.length === 0) continue;
    if (isPlain && line.chunk === chunk) rows.push(new JsonRow(line, texts, parse));
    else addRows(line, texts, parse, rows);
  }
  return rows;
}

/** The first bytes, without a byte order mark, and all of them. */
async function begun(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ readonly first: Uint8Array; readonly all: AsyncIterable<Uint8Array> }> {
  const reader = chunks[Symbol.asyncIterator]();
  const next = await reader.next();
  const given: Uint8Array = next.done ? new Uint8Array() : next.value;
  const hasMark = BYTE_ORDER_MARK.equals(given.subarray(0, BYTE_ORDER_MARK.length));
  const first = hasMark ? given.subarray(BYTE_ORDER_MARK.length) : given;
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      if (first.length > 0) yield first;
      for (let more = await reader.next(); !more.done; more = await reader.next()) yield more.value;
    } finally {
      await reader.return?.();
    }
  }
  return { first, all: all() };
}

/** True when an object may begin on the line on which another one ends: one search for all lines of a chunk. */
function hasNeighbours(chunk: Uint8Array): boolean {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
  return bytes.includes('}{') || bytes.includes('} {');
}

function addRows(
  line: InputLine,
  texts: LineTexts,
  parse: (text: string) => unknown,
  rows: InputRow[],
): void {
  const values = line.isCut ? undefined : valuesOnLine(line.bytes);
  if (!values) rows.push(new JsonRow(line, texts, parse));
  else {
    for (const [part, bytes] of values.entries()) {
      rows.push(spanRow({ line: line.number, ...(part > 0 && { part }), bytes }, parse));
    }
  }
}

type Outcome = Pick<InputRow, 'value' | 'fault'>;

class JsonRow implements InputRow {
  readonly #line: InputLine;
  readonly #texts: LineTexts;
  readonly #parse: (text: string) => unknown;
  #outcome: Outcome | undefined;

  constructor(line: InputLine, texts: LineTexts, parse: (text: string) => unknown) {
    this.#line = line;
    this.#texts = texts;
    this.#parse = parse;
  }

  get line(): number {
    return this.#line.number;
  }

  get bytes(): Uint8Array {
    return this.#line.bytes;
  }

  get value(): unknown {
    return this.#read().value;
  }

  get fault(): RowFault | undefined {
    return this.#read().fault;
  }

  #read(): Outcome {
    this.#outcome ??= this.#line.isCut
      ? bad(`is longer than ${LONGEST_LINE_BYTES} bytes`)
      : outcomeOf(() => this.#texts.of(this.#line), this.#parse);
    return this.#outcome;
  }
}

/** A value that is not a line of its own. */
function spanRow(
  { line, part, bytes: given, reason }: JsonSpan,
  parse: (text: string) => unknown,
): InputRow {
  const bytes = reason === undefined ? onOneLine(given) : given;
  let outcome: Outcome | undefined = reason === undefined ? undefined : bad(reason);
  const read = (): Outcome => {
    outcome ??= outcomeOf(() => decoder.decode(bytes), parse);
    return outcome;
  };
  return {
    line,
    ...(part !== undefined && { part }),
    bytes,
    get value() {
      return read().value;
    },
    get fault() {
      return read().fault;
    },
  };
}

function outcomeOf(textOf: () => string, parse: (text: string) => unknown): Outcome {
  let text: string;
  try {
    text = textOf();
  } catch {
    return bad('is not UTF-8');
  }
  try {
    return { value: parse(text), fault: undefined };
  } catch (error) {
    return bad(`is not JSON (${messageOf(error)})`);
  }
}

function bad(reason: string): Outcome {
  return { value: undefined, fault: { field: '', value: undefined, reason } };
}
