import { messageOf } from '../../errors.ts';
import { parseJson } from '../../text/parse-json.ts';
import { type InputLine, lines } from '../lines.ts';
import { type JsonSpan, jsonValues, onOneLine, openJson, valuesOnLine } from './json-values.ts';
import { LineTexts } from './line-texts.ts';
import type { InputRow, RowFault } from './row.ts';

/** The most that Kinesis takes in one record. Source: Kinesis quotas. */
const LONGEST_LINE_BYTES = 10 * 1_048_576;
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * The rows of JSON: one value a line, values without separators, over several lines, or the items of an array.
 *
 * Which it is the first line says. Empty lines are passed over. A row is parsed when its value or its fault is asked for: who knows it by
 * its bytes need not wait for that. A line is searched for several values only when it is not one.
 */
export async function* jsonRows(
  chunks: AsyncIterable<Uint8Array>,
  parse: (text: string) => unknown = parseJson,
): AsyncGenerator<readonly InputRow[], void, undefined> {
  const { layout, all } = await openJson(chunks);
  if (layout !== 'lines') {
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
  const reading = { texts: new LineTexts(group), parse };
  const rows: InputRow[] = [];
  for (const line of group) {
    if (line.bytes.length > 0) rows.push(new JsonRow(line, reading));
  }
  return rows;
}

type Outcome = Pick<InputRow, 'value' | 'fault'>;

/** How the lines of a group are read. */
interface LineReading {
  readonly texts: LineTexts;
  readonly parse: (text: string) => unknown;
}

class JsonRow implements InputRow {
  readonly #line: InputLine;
  readonly #reading: LineReading;
  #outcome: Outcome | undefined;

  constructor(line: InputLine, reading: LineReading) {
    this.#line = line;
    this.#reading = reading;
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

  get parts(): readonly InputRow[] | undefined {
    if (!this.fault || this.#line.isCut) return undefined;
    const { number: line } = this.#line;
    return valuesOnLine(this.#line.bytes)?.map((bytes, part) =>
      spanRow({ line, ...(part > 0 && { part }), bytes }, this.#reading.parse),
    );
  }

  #read(): Outcome {
    const { texts, parse } = this.#reading;
    this.#outcome ??= this.#line.isCut
      ? bad(`is longer than ${LONGEST_LINE_BYTES} bytes`)
      : outcomeOf(() => texts.of(this.#line), parse);
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
