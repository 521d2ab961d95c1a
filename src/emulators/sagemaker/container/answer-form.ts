import { ContainerError } from './request-rows.ts';

/** What Flask answers for an exception that nobody caught. */
const INTERNAL_ERROR =
  '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">\n<title>500 Internal Server Error</title>\n<h1>Internal Server Error</h1>\n<p>The server encountered an internal error and was unable to complete your request. Either the server is overloaded or there is an error in the application.</p>\n';

/** From here on, and below the other, Python writes an exponent. */
const LARGE = 1e16;
const SMALL = 1e-4;

/**
 * A number as Python writes a float: in the fewest digits that read back as the same double.
 *
 * A score is a float32; the container makes doubles of all before it writes them. NaN is `nan`, Infinity stands for a
 * score left out.
 */
export function scoreText(score: number): string {
  if (Number.isNaN(score)) return 'nan';
  if (score === Number.POSITIVE_INFINITY) return '';
  return pythonFloat(score);
}

function pythonFloat(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < SMALL || size >= LARGE)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
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
/** As Python writes it: with NaN, which JSON has not. */
const json: AnswerForm = {
  type: 'application/json',
  write: (scores, count) => `{"predictions": [${entries(scores, count).join(', ')}]}`,
};
const forms: Readonly<Record<string, AnswerForm>> = {
  '': csv,
  '*/*': csv,
  'text/csv': csv,
  'application/json': json,
};

/** The container names these as accepted, and then cannot write plain scores in them. */
const UNWRITTEN = /^application\/(jsonlines|x-recordio-protobuf)$/;

/** The form that an Accept header asks for; CSV without one. Errors: `ContainerFault` 406 and 500. */
export function answerForm(accept: string | undefined): AnswerForm {
  if (accept === undefined) return csv;
  const [type = ''] = accept.split(';');
  const name = type.trim().toLowerCase();
  const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
  if (form) return form;
  if (UNWRITTEN.test(name)) throw new ContainerError(500, INTERNAL_ERROR);
  const message = `Accept type ${accept} is not supported. Please use supported accept types: ['application/json', 'application/jsonlines', 'application/x-recordio-protobuf', 'text/csv'].`;
  throw new ContainerError(406, message);
}

function entries(scores: Float32Array, count: number): readonly string[] {
  return Array.from({ length: count }, (_, row) => {
    const score = scores[row] as number;
    if (score === Number.POSITIVE_INFINITY) return '{}';
    return `{"score": ${Number.isNaN(score) ? 'NaN' : pythonFloat(score)}}`;
  });
}
