/**
 * What API Gateway says to SageMaker and back, in the Velocity Template Language.
 *
 * CSV and libsvm pass as they are. JSON, which the container does not read, becomes CSV; its answer is JSON.
 * Errors keep their status and words, but for two things: SageMaker throttles with HTTP 400 (here 429), and every
 * 5xx, some of them statuses that clients do not know (530), is 503.
 */

/**
 * `{"instances":[[0.5,null],{"features":[0.5,null]}]}` as CSV; null is an empty cell.
 *
 * The text itself is rewritten, so that every digit stays; the model of the request has made sure before that there
 * is nothing in it but numbers and nulls in lists. A loop over parsed rows would end after 1000 rounds, a bound of
 * API Gateway. `[^!-~]` is white space. The line end stands in the template, Velocity has no escape for it.
 */
const jsonToCsv: string = [
  '#set($context.requestOverride.header.Content-Type = "text/csv")',
  "#set($accept = $input.params('Accept'))",
  '#if("$!accept" == "" || "$!accept" == "*/*")',
  '#set($context.requestOverride.header.Accept = "application/json")',
  '#end',
  "#set($rows = $input.body.replaceAll('[^!-~]', ''))",
  `#set($rows = $rows.replace('"instances":', '').replace('"features":', ''))`,
  "#set($rows = $rows.replace('{', '').replace('}', '').replace('null', ''))",
  "#set($rows = $rows.replace('],[', '\n'))",
  "$rows.replace('[', '').replace(']', '')",
].join('');

/** Body of a request to the endpoint, by the content type of the caller's. Others are answered with 415. */
export const requestTemplates: Readonly<Record<string, string>> = {
  'text/csv': '$input.body',
  'text/libsvm': '$input.body',
  'text/x-libsvm': '$input.body',
  'application/json': jsonToCsv,
};

/**
 * An answer with HTTP 400: throttled, or wrong.
 *
 * Templates cannot see the headers of the answer, where the name of the error stands; but the body of
 * SageMaker's ThrottlingException is {"message":null}, and that of every other error of this status has words.
 */
const throttledOrWrong: string = [
  "#set($said = $input.path('$'))",
  '#set($words = "$!said.message$!said.Message")',
  '#if($words == "" || $words.contains("Rate exceeded") || $words.contains("Throttl"))',
  '#set($context.responseOverride.status = 429)',
  '{"message":"Too Many Requests"}',
  '#else',
  "$input.json('$')",
  '#end',
].join('');

/** How an answer of the endpoint is told: by its status; an answer that fits none is a 502. */
export interface AnswerMapping {
  readonly status: string;
  /** Statuses of the endpoint; they exclude one another. */
  readonly pattern: string | undefined;
  /** Absent: the body as it is. */
  readonly template?: string;
}

export const answerMappings: readonly AnswerMapping[] = [
  { status: '200', pattern: '2\\d{2}' },
  { status: '400', pattern: '400', template: throttledOrWrong },
  { status: '403', pattern: '403' },
  { status: '404', pattern: '404' },
  { status: '413', pattern: '413' },
  { status: '424', pattern: '424' },
  { status: '429', pattern: '429' },
  { status: '503', pattern: '5\\d{2}', template: '{"message":"Service Unavailable"}' },
  { status: '502', pattern: undefined, template: '{"message":"Bad Gateway"}' },
];

const row = { type: 'array', minItems: 1, items: { type: ['number', 'null'] } };

/** The JSON that is accepted, as JSON Schema draft 4. */
export const scoreRequestSchema: object = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  title: 'ScoreRequest',
  type: 'object',
  required: ['instances'],
  additionalProperties: false,
  properties: {
    instances: {
      type: 'array',
      minItems: 1,
      items: {
        anyOf: [
          row,
          {
            type: 'object',
            required: ['features'],
            additionalProperties: false,
            properties: { features: row },
          },
        ],
      },
    },
  },
};
