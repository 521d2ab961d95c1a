import type { Finding } from '../transactions/finding.ts';

/** Findings of one file. */
export interface FileValidation {
  readonly file: string;
  readonly kind: string;
  readonly records: number;
  readonly valid: number;
  readonly invalid: number;
}

/** How often something was found; `firstAt` is where first, as `file:line`. */
export interface FindingCount {
  readonly field: string;
  readonly reason: string;
  readonly count: number;
  readonly firstAt: string;
}

/**
 * Findings of all files: records = valid + invalid. A record has any number of errors.
 *
 * `byReason` holds what errors were found, most frequent first.
 */
export interface ValidationSummary {
  readonly files: readonly FileValidation[];
  readonly records: number;
  readonly valid: number;
  readonly invalid: number;
  readonly errors: number;
  readonly byReason: readonly FindingCount[];
}

/** Distinct reasons that are counted; a file could have any number of them. */
const MOST_REASONS = 500;

/** Folds findings into a summary. Memory does not grow with the files. */
export class Validation {
  records: number = 0;
  invalid: number = 0;
  #errors = 0;
  readonly #files: { file: string; kind: string; records: number; invalid: number }[] = [];
  readonly #reasons = new Map<string, { -readonly [K in keyof FindingCount]: FindingCount[K] }>();

  beginFile(file: string, kind: string): void {
    this.#files.push({ file, kind, records: 0, invalid: 0 });
  }

  /** Adds records of the file that was begun last. */
  add(rows: number, invalid: number, findings: readonly Finding[]): void {
    this.records += rows;
    this.invalid += invalid;
    const file = this.#files.at(-1);
    if (file) {
      file.records += rows;
      file.invalid += invalid;
    }
    for (const finding of findings) if (finding.severity === 'error') this.#count(finding);
  }

  summary(): ValidationSummary {
    return {
      files: this.#files.map((file) => ({ ...file, valid: file.records - file.invalid })),
      records: this.records,
      valid: this.records - this.invalid,
      invalid: this.invalid,
      errors: this.#errors,
      byReason: [...this.#reasons.values()].sort((a, b) => b.count - a.count),
    };
  }

  #count({ file, line, field, reason }: Finding): void {
    this.#errors += 1;
    // What stands in brackets is of that one line.
    const what = field === '' ? reason.replace(/ \(.*/s, '') : reason;
    const hasCapacity = this.#reasons.size < MOST_REASONS;
    const key = JSON.stringify([field, what]);
    const known = this.#reasons.get(key) ?? (hasCapacity ? undefined : this.#reasons.get('others'));
    if (known) {
      known.count += 1;
      return;
    }
    const firstAt = `${file}:${line}`;
    if (hasCapacity) this.#reasons.set(key, { field, reason: what, count: 1, firstAt });
    else this.#reasons.set('others', { field: '', reason: 'of other kinds', count: 1, firstAt });
  }
}
