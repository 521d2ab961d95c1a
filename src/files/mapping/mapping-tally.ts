import { count } from '../../text/format.ts';

const DAY_MS = 86_400_000;

/** How many amounts were rounded, values left out, rows without a label, and reports dated by the mapping; absent where none. */
export interface MappingFigures {
  readonly roundedAmounts?: number;
  readonly absentValues?: number;
  readonly unlabelledRows?: number;
  readonly delayedReports?: number;
}

/** What a mapping did to rows that were read: values it rounded, left out, or warns of. */
export class MappingTally {
  /** Rows, at each reading of the files. */
  rows = 0;
  roundedAmounts = 0;
  /** Fields whose value did not fit, by column. */
  readonly absentValues = new Map<string, number>();
  /** Values that are card numbers, by column. */
  readonly cardNumbers = new Map<string, number>();
  /** Labels that are neither fraud nor genuine, absent ones included. */
  unlabelledRows = 0;
  /** Frauds whose report is dated by the delay of the mapping. */
  delayedReports = 0;
  readonly #firstAbsent = new Map<string, string>();

  addAbsent(column: string, reason: string): void {
    this.absentValues.set(column, (this.absentValues.get(column) ?? 0) + 1);
    if (!this.#firstAbsent.has(column)) this.#firstAbsent.set(column, reason);
  }

  addCardNumber(column: string): void {
    this.cardNumbers.set(column, (this.cardNumbers.get(column) ?? 0) + 1);
  }

  /** Fields that were left out, in all. */
  get absent(): number {
    let sum = 0;
    for (const number of this.absentValues.values()) sum += number;
    return sum;
  }

  /** The counts that are not zero. */
  figures(): MappingFigures {
    const { roundedAmounts, absent, unlabelledRows, delayedReports } = this;
    const counts = { roundedAmounts, absentValues: absent, unlabelledRows, delayedReports };
    return Object.fromEntries(Object.entries(counts).filter(([, number]) => number > 0));
  }

  /** One line each for people. */
  notes(reportDelayMs: number): readonly string[] {
    const notes: string[] = [];
    if (this.roundedAmounts > 0) {
      notes.push(`${count(this.roundedAmounts)} amounts were rounded to whole minor units.`);
    }
    for (const [column, number] of this.absentValues) {
      const reason = this.#firstAbsent.get(column);
      notes.push(
        `${count(number)} values of ${column} do not fit and are absent (the first ${reason}). "on-bad-optional: row" refuses such rows.`,
      );
    }
    for (const [column, number] of this.cardNumbers) {
      notes.push(
        `${count(number)} values of ${column} are card numbers by their check digit. Map it with "hash: sha256" and a salt; --forbid-pan refuses them.`,
      );
    }
    if (this.unlabelledRows > 0) {
      notes.push(`${count(this.unlabelledRows)} rows have no label that is fraud or genuine.`);
    }
    if (this.delayedReports > 0) {
      const delay = `${reportDelayMs / DAY_MS} d`;
      notes.push(
        `${count(this.delayedReports)} frauds have no reported_at: they count as reported ${delay} after the event ("report-delay" in the mapping).`,
      );
    }
    return notes;
  }
}
