import { valuesAt } from './pointer.ts';

/** The scores of an answer, one for each row that was sent and in their order, or what is wrong. */
export type Reading = { readonly scores: readonly number[] } | { readonly problem: string };

/** Where the scores of well-known containers stand; tried in this order. */
const KNOWN_PLACES = [
  '/predictions/*/score',
  '/predictions/*',
  '/*/score',
  '/*',
  '/score',
] as const;

/**
 * Reads the scores out of an answer, strictly: as many as rows, each a number from 0 to 1.
 *
 * Text is numbers with commas or line ends between; JSON lines are read line by line; in JSON they
 * stand at the pointer, whose `*` counts the rows. What an answer says of its own form is believed
 * unless it starts like JSON.
 */
export function scoresOf(
  contentType: string,
  body: Uint8Array,
  rows: number,
  pointer: string | undefined,
): Reading {
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8').trim();
  try {
    return counted(valuesOf(contentType, text, pointer), rows);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problem: `the answer cannot be read: ${reason}` };
  }
}

function valuesOf(
  contentType: string,
  text: string,
  pointer: string | undefined,
): readonly unknown[] {
  if (/jsonl/.test(contentType)) {
    return text.split('\n').flatMap((line) => valuesIn(JSON.parse(line), pointer ?? '/score'));
  }
  if (/json/.test(contentType) || /^[[{]/.test(text)) return jsonValues(JSON.parse(text), pointer);
  return text === '' ? [] : text.split(/\s*,\s*|\s+/).map(numberOf);
}

function jsonValues(value: unknown, pointer: string | undefined): readonly unknown[] {
  if (pointer !== undefined) return valuesIn(value, pointer);
  for (const place of KNOWN_PLACES) {
    const values = valuesAt(value, place);
    if (values?.every((item) => typeof item === 'number')) return values;
  }
  throw new Error('no scores at any known place; say where by --score-pointer');
}

function valuesIn(value: unknown, pointer: string): readonly unknown[] {
  if (typeof value === 'number') return [value];
  const values = valuesAt(value, pointer);
  if (!values) throw new Error(`nothing at ${pointer}`);
  return values;
}

/** Empty text is no number, whatever `Number` says. */
function numberOf(text: string): unknown {
  return text === '' ? text : Number(text);
}

function counted(values: readonly unknown[], rows: number): Reading {
  if (values.length !== rows) {
    return { problem: `${values.length} scores came for ${rows} rows` };
  }
  const odd = values.find((value) => typeof value !== 'number' || !(value >= 0 && value <= 1));
  if (odd !== undefined) return { problem: `a score is ${JSON.stringify(odd)}, not from 0 to 1` };
  return { scores: values as readonly number[] };
}
