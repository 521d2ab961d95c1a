import { FraudstreamError, messageOf } from '../../errors.ts';
import { parseJson } from '../../text/parse-json.ts';
import type { Candidate } from '../../transactions/scoring-outcome.ts';
import { ByteWriter } from './number-text.ts';
import { type ParsedAnswer, scoresOf } from './parse-answer.ts';

/** A JSON body into which transactions are written. */
export interface Template {
  write(candidates: readonly Candidate[], to: ByteWriter): void;
}

type WriteCandidate = (candidate: Candidate, to: ByteWriter) => void;

/** What one transaction is written as: its row of features, or itself. */
const single: Readonly<Record<string, WriteCandidate>> = {
  row: (candidate, to) => jsonArray(featuresOf(candidate), to),
  transaction: ({ data }, to) => to.bytes(data),
};

const PLACE = /"\$(row|rows|transaction|transactions)"/;

/**
 * Reads a template: JSON in which one of these texts stands for the transactions.
 *
 * `"$rows"` an array of rows, each an array of features, null where missing; `"$transactions"` an
 * array of the transactions as they came; `"$row"` and `"$transaction"` the only one of a request.
 * Errors: `usage` when it is not JSON or has no such text.
 */
export function template(text: string): Template {
  const parts = compact(text).split(PLACE);
  const [before, name, after] = parts;
  if (before === undefined || name === undefined || after === undefined || parts.length > 3) {
    throw refused(
      text,
      'it must hold exactly one "$rows", "$row", "$transactions" or "$transaction"',
    );
  }
  const write = single[name.replace(/s$/, '')] as WriteCandidate;
  const [head, tail] = [Buffer.from(before), Buffer.from(after)];
  const middle = name.endsWith('s') ? listOf(write) : onlyOne(write);
  return {
    write: (candidates, to) => {
      to.bytes(head);
      middle(candidates, to);
      to.bytes(tail);
    },
  };
}

/** True for a template that takes one transaction a request. */
export function isSingle(text: string): boolean {
  return /"\$(row|transaction)"/.test(text);
}

function listOf(write: WriteCandidate): (candidates: readonly Candidate[], to: ByteWriter) => void {
  return (candidates, to) => {
    to.byte(91);
    for (const [index, candidate] of candidates.entries()) {
      if (index > 0) to.byte(44);
      write(candidate, to);
    }
    to.byte(93);
  };
}

function onlyOne(
  write: WriteCandidate,
): (candidates: readonly Candidate[], to: ByteWriter) => void {
  return ([candidate], to) => {
    if (candidate) write(candidate, to);
  };
}

function compact(text: string): string {
  try {
    return JSON.stringify(parseJson(text));
  } catch (error) {
    throw refused(text, messageOf(error));
  }
}

function refused(text: string, reason: string): FraudstreamError {
  return new FraudstreamError('usage', `--body-template ${text}: ${reason}.`);
}

/** How transactions are written into the body of a request. */
export interface RequestBody {
  readonly contentType: string;
  readonly accept: string;
  body(candidates: readonly Candidate[]): Uint8Array;
}

/** The content types that can be sent. */
export const contentTypes = [
  'text/csv',
  'text/libsvm',
  'application/json',
  'application/jsonlines',
] as const;

export type ContentType = (typeof contentTypes)[number];

const COMMA = 44;
const LINE_FEED = 10;
const LABEL = Buffer.from('0');
const NAN = Buffer.from('nan');

/**
 * The wire form of a content type.
 *
 * CSV has no header and no label, a missing feature is an empty cell, and no line end follows the
 * last row. libsvm counts features from 0, has the label 0 that its parsers ask for, and names the first feature in
 * every row, also where it is missing: containers up to 3.0-5 take indices as they are and leave out last rows without
 * any, later ones take indices from 1 for granted where none is 0. JSON is the
 * template; JSON lines are the transactions as they came, or one array of features a line.
 * Source: the request formats of SageMaker's built-in XGBoost container.
 */
export function requestBody(
  contentType: ContentType,
  accept: string,
  jsonTemplate: string | undefined,
): RequestBody {
  if (jsonTemplate !== undefined && contentType !== 'application/json') {
    const message = `--body-template is JSON, but --content-type is ${contentType}. Leave one of them out.`;
    throw new FraudstreamError('usage', message);
  }
  const writer = new ByteWriter();
  const write = writerOf(contentType, jsonTemplate);
  return {
    contentType,
    accept,
    body: (candidates) => {
      write(candidates, writer);
      return writer.take();
    },
  };
}

type Write = (candidates: readonly Candidate[], to: ByteWriter) => void;

function writerOf(contentType: ContentType, jsonTemplate: string | undefined): Write {
  switch (contentType) {
    case 'text/csv':
      return lines((candidate, to) => csvRow(featuresOf(candidate), to));
    case 'text/libsvm':
      return lines((candidate, to) => libsvmRow(featuresOf(candidate), to));
    case 'application/jsonlines':
      return lines(jsonLine);
    case 'application/json': {
      const made: Template = template(jsonTemplate ?? '{"instances":"$rows"}');
      return (candidates, to) => made.write(candidates, to);
    }
  }
}

function lines(row: (candidate: Candidate, to: ByteWriter) => void): Write {
  return (candidates, to) => {
    for (const [index, candidate] of candidates.entries()) {
      if (index > 0) to.byte(LINE_FEED);
      row(candidate, to);
    }
  };
}

function csvRow(features: Float32Array, to: ByteWriter): void {
  for (let index = 0; index < features.length; index += 1) {
    if (index > 0) to.byte(COMMA);
    const value = features[index] as number;
    if (!Number.isNaN(value)) to.float(value);
  }
}

function libsvmRow(features: Float32Array, to: ByteWriter): void {
  to.bytes(LABEL);
  for (const [index, value] of features.entries()) {
    if (Number.isNaN(value) && index > 0) continue;
    to.bytes(Buffer.from(` ${index}:`));
    if (Number.isNaN(value)) to.bytes(NAN);
    else to.float(value);
  }
}

function jsonLine({ features, data }: Candidate, to: ByteWriter): void {
  if (features) jsonArray(features, to);
  else to.bytes(data);
}

const NULL = Buffer.from('null');

/** An array of numbers, `null` where missing. */
export function jsonArray(features: Float32Array, to: ByteWriter): void {
  to.byte(91);
  for (let index = 0; index < features.length; index += 1) {
    if (index > 0) to.byte(COMMA);
    const value = features[index] as number;
    if (Number.isFinite(value)) to.float(value);
    else to.bytes(NULL);
  }
  to.byte(93);
}

/** Features that the form cannot do without. */
export function featuresOf({ features, id }: Candidate): Float32Array {
  if (features) return features;
  throw new FraudstreamError('internal', `Transaction ${id} reached the wire without features.`);
}

/** How requests are written and answers are read. */
export interface ScoreForm {
  /** About how much a transaction adds to a body, never less. */
  bytesOf(candidate: Candidate): number;
  body(candidates: readonly Candidate[]): Uint8Array;
  scores(contentType: string, body: Uint8Array, rows: number): ParsedAnswer;
}

/** The longest text of a float, and what stands between two. */
const BYTES_PER_FEATURE = 25;

/** Bodies of the wire form; answers with scores at the pointer, or where containers put them. */
export function scoreForm(wire: RequestBody, scorePointer: string | undefined): ScoreForm {
  return {
    bytesOf: ({ features, data }) =>
      features ? features.length * BYTES_PER_FEATURE : data.length + 1,
    body: (candidates) => wire.body(candidates),
    scores: (contentType, body, rows) => scoresOf(contentType, body, rows, scorePointer),
  };
}
