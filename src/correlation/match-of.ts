import { errorKinds } from '../records/error-kind.ts';
import type { Match } from '../records/match.ts';
import { CHUNK } from './chunk.ts';
import { flag } from './flag.ts';
import type { Names } from './names.ts';
import type { SentTable } from './sent-table.ts';

/** The first verdict of a row, with what is known of its transaction. */
export function matchOf(table: SentTable, row: number, scenarios: Names): Match {
  const chunk = table.chunkOf(row);
  const known = table.flagsOf(row);
  const at = row % CHUNK;
  const error = chunk.error[at] as number;
  return {
    id: table.idOf(row),
    dueAt: chunk.dueAt[at] as number,
    acknowledgedAt: chunk.acknowledgedAt[at] as number,
    arrivedAt: chunk.arrivedAt[at] as number,
    readAt: chunk.readAt[at] as number,
    score: chunk.score[at] as number,
    error: error === 0 ? undefined : errorKinds[error - 1],
    expected: chunk.expected[at] as number,
    recomputed: chunk.recomputed[at] as number,
    isFraud: known & flag.truthKnown ? (known & flag.fraud) !== 0 : undefined,
    scenario: scenarios.nameOf(chunk.scenario[at] as number),
    isLate: (known & flag.late) !== 0,
  };
}
