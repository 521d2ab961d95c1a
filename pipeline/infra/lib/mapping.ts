/**
 * What API Gateway says to SageMaker and back, in the Velocity Template Language.
 *
 * CSV and libsvm pass as they are. JSON, which the container does not read, becomes CSV; its answer is JSON.
 * Errors keep their status and words, but for two things: SageMaker throttles with HTTP 400 (here 429), and every
 * 5xx, some of them statuses that clients do not know (530), is 503.
 * Bound: a #foreach of API Gateway ends after 1000 rounds, so JSON carries at most 1000 rows of at most 1000 features.
 */

/** `{"instances":[[0.5,null],{"features":[0.5,null]}]}` as CSV; null is an empty cell. */
const jsonToCsv: string = [
  '#set($context.requestOverride.header.Content-Type = "text/csv")',
  "#set($accept = $input.params('Accept'))",
  '#if("$!accept" == "" || "$!accept" == "*/*")',
  '#set($context.requestOverride.header.Accept = "application/json")',
  '#end',
  "#foreach($instance in $input.path('$.instances'))",
  '#set($row = $instance)',
  '#if($instance.features)#set($row = $instance.features)#end',
  '#foreach($value in $row)$!value#if($foreach.hasNext),#end#end',
  // The line end between rows must be one that the template itself writes.
  '#if($foreach.hasNext)$newline#end',
  '#end',
].join('');

const newline = '#set($newline = "\n")';

/** Body of a request to the endpoint, by the content type of the caller's. Others are answered with 415. */
export const requestTemplates: Readonly<Record<string, string>> = {
  'text/csv': '$input.body',
  'text/libsvm': '$input.body',
  'text/x-libsvm': '$input.body',
  'application/json': newline + jsonToCsv,
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
      maxItems: 1000,
      items: {
        anyOf: [
          { $ref: '#/definitions/row' },
          {
            type: 'object',
            required: ['features'],
            properties: { features: { $ref: '#/definitions/row' } },
          },
        ],
      },
    },
  },
  definitions: {
    row: {
      type: 'array',
      minItems: 1,
      maxItems: 1000,
      items: { type: ['number', 'null'] },
    },
  },
};
