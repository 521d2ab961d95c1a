import type { Runtime, Writer } from '../../cli/runtime.ts';
import { annotation, findingText } from '../../report/text/validation-text.ts';
import { jsonLine } from '../../text/printable.ts';
import type { Finding } from '../../transactions/finding.ts';

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
  // Data, and not for people.
  ndjson: undefined,
  json: undefined,
};

/** Tells findings up to a number, and counts the others. */
export class Findings {
  /** Those that were told. */
  readonly listed: Finding[] = [];
  omitted: number = 0;
  readonly #form: ((finding: Finding) => string) | undefined;
  readonly #isNdjson: boolean;
  readonly #most: number;
  readonly #out: Writer;

  constructor({ output, maxErrors }: FindingsValues, { out }: Pick<Runtime, 'out'>) {
    this.#form = forms[output];
    this.#isNdjson = output === 'ndjson';
    this.#most = maxErrors;
    this.#out = out;
  }

  async tell(findings: readonly Finding[]): Promise<void> {
    if (findings.length === 0) return;
    const some = findings.slice(0, Math.max(0, this.#most - this.listed.length));
    this.omitted += findings.length - some.length;
    this.listed.push(...some);
    if (some.length === 0) return;
    if (this.#form) {
      await this.#out.print(...some.map(this.#form));
    } else if (this.#isNdjson) {
      await this.#out.write(some.map(jsonLine).join(''));
    }
  }
}
