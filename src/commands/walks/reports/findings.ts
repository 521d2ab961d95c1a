import type { Finding } from '../../../records/finding.ts';
import { annotation, findingText } from '../../../reporting/finding-text.ts';
import type { Outside, Writer } from '../../outside.ts';

/** What the flags say about findings. */
export interface FindingsValues {
  readonly output: 'human' | 'json' | 'ndjson' | 'github';
  readonly maxErrors: number;
}

/** How a finding is told at once; in a JSON report it is told at the end. */
const forms: Readonly<
  Record<FindingsValues['output'], ((finding: Finding) => string) | undefined>
> = {
  human: findingText,
  github: annotation,
  ndjson: (finding) => JSON.stringify(finding),
  json: undefined,
};

/** Tells findings up to a number, and counts the others. */
export class Findings {
  /** Those that were told. */
  readonly told: Finding[] = [];
  untold: number = 0;
  readonly #form: ((finding: Finding) => string) | undefined;
  readonly #most: number;
  readonly #out: Writer;

  constructor({ output, maxErrors }: FindingsValues, { out }: Pick<Outside, 'out'>) {
    this.#form = forms[output];
    this.#most = maxErrors;
    this.#out = out;
  }

  async tell(findings: readonly Finding[]): Promise<void> {
    if (findings.length === 0) return;
    const some = findings.slice(0, Math.max(0, this.#most - this.told.length));
    this.untold += findings.length - some.length;
    this.told.push(...some);
    if (this.#form && some.length > 0) {
      await this.#out.write(`${some.map(this.#form).join('\n')}\n`);
    }
  }
}
