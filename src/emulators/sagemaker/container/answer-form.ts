import { ContainerError } from './request-rows.ts';

/** Significant decimal digits that distinguish every float32 from its neighbours. */
const DIGITS = 9;
/** Below this Python and numpy write an exponent. */
const SMALL = 1e-4;

/**
 * A float32 in the fewest digits that read back as the same float32, written as numpy writes it.
 *
 * A score is between 0 and 1. NaN is `nan`, Infinity stands for a score left out.
 */
export function scoreText(score: number): string {
  if (score === 0) return '0.0';
  if (score === 1) return '1.0';
  if (!(score > 0 && score < 1)) return Number.isNaN(score) ? 'nan' : '';
  const exponent = Math.floor(Math.log10(score));
  return score < SMALL ? withExponent(score) : plain(score, exponent);
}

/** 0.1234: the digits are a whole number over a power of ten, and both are exact in a double. */
function plain(score: number, exponent: number): string {
  let places = DIGITS - 1 - exponent;
  let digits = Math.round(score * 10 ** places);
  for (;;) {
    const fewer = Math.round(score * 10 ** (places - 1));
    if (places === 1 || Math.fround(fewer / 10 ** (places - 1)) !== score) break;
    places -= 1;
    digits = fewer;
  }
  const text = String(digits);
  return digits === 10 ** places ? '1.0' : `0.${'0'.repeat(places - text.length)}${text}`;
}

/** 1.234e-05, with an exponent of at least two digits. */
function withExponent(score: number): string {
  for (let digits = 0; digits < DIGITS; digits += 1) {
    const text = score.toExponential(digits);
    if (Math.fround(Number(text)) !== score) continue;
    const [mantissa = '', power = ''] = text.split('e-');
    return `${mantissa}e-${power.padStart(2, '0')}`;
  }
  return score.toExponential(DIGITS - 1);
}

/** A form of answer: its content type, and scores in it. */
export interface AnswerForm {
  readonly type: string;
  write(scores: Float32Array, count: number): string;
}

const csv: AnswerForm = {
  type: 'text/csv; charset=utf-8',
  write(scores, count) {
    let text = '';
    for (let row = 0; row < count; row += 1) text += `${scoreText(scores[row] as number)}\n`;
    return text;
  },
};
/** As Python writes it: doubles in full, and NaN, which JSON has not. */
const json: AnswerForm = {
  type: 'application/json',
  write: (scores, count) => `{"predictions": [${entries(scores, count).join(', ')}]}`,
};
const jsonLines: AnswerForm = {
  type: 'application/jsonlines',
  write: (scores, count) =>
    entries(scores, count)
      .map((entry) => `${entry}\n`)
      .join(''),
};

const forms: Readonly<Record<string, AnswerForm>> = {
  '': csv,
  '*/*': csv,
  'text/csv': csv,
  'application/json': json,
  'application/jsonlines': jsonLines,
};

/** The form that an Accept header asks for; CSV without one. Errors: `ContainerFault` 406. */
export function answerForm(accept: string | undefined): AnswerForm {
  if (accept === undefined) return csv;
  const [type = ''] = accept.split(';');
  const name = type.trim().toLowerCase();
  const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
  if (form) return form;
  const known = 'text/csv, application/json or application/jsonlines';
  throw new ContainerError(406, `Accept type ${accept} is not supported. Use ${known}.`);
}

function entries(scores: Float32Array, count: number): readonly string[] {
  return Array.from({ length: count }, (_, row) => {
    const score = scores[row] as number;
    return score === Number.POSITIVE_INFINITY ? '{}' : `{"score": ${score}}`;
  });
}
