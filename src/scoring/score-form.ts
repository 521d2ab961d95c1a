import type { Candidate } from '../records/candidate.ts';
import { type Reading, scoresOf } from './request/answer.ts';
import type { Wire } from './request/wire.ts';

/** How requests are written and answers are read. */
export interface ScoreForm {
  /** About how much a transaction adds to a body, never less. */
  bytesOf(candidate: Candidate): number;
  body(candidates: readonly Candidate[]): Uint8Array;
  scores(contentType: string, body: Uint8Array, rows: number): Reading;
}

/** The longest text of a float, and what stands between two. */
const BYTES_PER_FEATURE = 25;

/** Bodies of the wire form; answers with scores at the pointer, or where containers put them. */
export function scoreForm(wire: Wire, scorePointer: string | undefined): ScoreForm {
  return {
    bytesOf: ({ features, data }) =>
      features ? features.length * BYTES_PER_FEATURE : data.length + 1,
    body: (candidates) => wire.body(candidates),
    scores: (contentType, body, rows) => scoresOf(contentType, body, rows, scorePointer),
  };
}
