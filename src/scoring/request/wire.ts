import { FraudstreamError } from '../../fraudstream-error.ts';
import type { Candidate } from '../../records/candidate.ts';
import { ByteWriter } from './byte-writer.ts';
import { type Template, template } from './template.ts';

/** How transactions are written into the body of a request. */
export interface Wire {
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

/**
 * The wire form of a content type.
 *
 * CSV has no header and no label, a missing feature is an empty cell, and no line end follows the
 * last row. libsvm counts features from 1 and has the label 0 that its parsers ask for. JSON is the
 * template; JSON lines are the transactions as they came, or one array of features a line.
 * Source: the request formats of SageMaker's built-in XGBoost container.
 */
export function wire(
  contentType: ContentType,
  accept: string,
  jsonTemplate: string | undefined,
): Wire {
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
    for (const [place, candidate] of candidates.entries()) {
      if (place > 0) to.byte(LINE_FEED);
      row(candidate, to);
    }
  };
}

function csvRow(features: Float32Array, to: ByteWriter): void {
  for (let place = 0; place < features.length; place += 1) {
    if (place > 0) to.byte(COMMA);
    const value = features[place] as number;
    if (!Number.isNaN(value)) to.float(value);
  }
}

function libsvmRow(features: Float32Array, to: ByteWriter): void {
  to.bytes(LABEL);
  for (const [place, value] of features.entries()) {
    if (Number.isNaN(value)) continue;
    to.bytes(Buffer.from(` ${place + 1}:`));
    to.float(value);
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
  for (let place = 0; place < features.length; place += 1) {
    if (place > 0) to.byte(COMMA);
    const value = features[place] as number;
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
