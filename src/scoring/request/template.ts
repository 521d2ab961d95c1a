import { FraudstreamError } from '../../fraudstream-error.ts';
import type { Candidate } from '../../records/candidate.ts';
import { parseJson } from '../../records/parse-json.ts';
import type { ByteWriter } from './byte-writer.ts';
import { featuresOf, jsonArray } from './wire.ts';

/** A JSON body with places for the transactions. */
export interface Template {
  write(candidates: readonly Candidate[], to: ByteWriter): void;
}

type Write = (candidate: Candidate, to: ByteWriter) => void;

/** What one transaction is written as: its row of features, or itself. */
const single: Readonly<Record<string, Write>> = {
  row: (candidate, to) => jsonArray(featuresOf(candidate), to),
  transaction: ({ data }, to) => to.bytes(data),
};

const PLACE = /"\$(row|rows|transaction|transactions)"/;

/**
 * Reads a template: JSON in which one of these texts stands for the transactions.
 *
 * `"$rows"` an array of rows, each an array of features, null where missing; `"$transactions"` an
 * array of the transactions as they came; `"$row"` and `"$transaction"` the only one of a request.
 * Errors: `usage` when it is not JSON or has no such place.
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
  const write = single[name.replace(/s$/, '')] as Write;
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

function listOf(write: Write): (candidates: readonly Candidate[], to: ByteWriter) => void {
  return (candidates, to) => {
    to.byte(91);
    for (const [place, candidate] of candidates.entries()) {
      if (place > 0) to.byte(44);
      write(candidate, to);
    }
    to.byte(93);
  };
}

function onlyOne(write: Write): (candidates: readonly Candidate[], to: ByteWriter) => void {
  return ([candidate], to) => {
    if (candidate) write(candidate, to);
  };
}

function compact(text: string): string {
  try {
    return JSON.stringify(parseJson(text));
  } catch (error) {
    throw refused(text, error instanceof Error ? error.message : String(error));
  }
}

function refused(text: string, reason: string): FraudstreamError {
  return new FraudstreamError('usage', `--body-template ${text}: ${reason}.`);
}
