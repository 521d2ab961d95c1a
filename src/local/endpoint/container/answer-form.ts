import { ContainerFault } from './container-fault.ts';
import { scoreText } from './score-text.ts';

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
  throw new ContainerFault(406, `Accept type ${accept} is not supported. Use ${known}.`);
}

function entries(scores: Float32Array, count: number): readonly string[] {
  return Array.from({ length: count }, (_, row) => {
    const score = scores[row] as number;
    return score === Number.POSITIVE_INFINITY ? '{}' : `{"score": ${score}}`;
  });
}
