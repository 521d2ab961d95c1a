import type { Runtime, Writer } from '../../cli/runtime.ts';
import { annotation, findingText } from '../../report/text/validation-text.ts';
import { jsonLine } from '../../text/printable.ts';
import type { Finding } from '../../transactions/finding.ts';
import type { ValidateValues } from './flags.ts';

/** How a finding is printed at once; a JSON report has it at the end. */
const forms: Readonly<
  Record<ValidateValues['output'], ((finding: Finding) => string) | undefined>
> = {
  human: findingText,
  github: annotation,
  // Data, and not for people.
  ndjson: undefined,
  json: undefined,
};

/** Prints findings up to a number, and counts the others. */
export class FindingPrinter {
  readonly #printed: Finding[] = [];
  readonly #form: ((finding: Finding) => string) | undefined;
  readonly #isNdjson: boolean;
  readonly #most: number;
  readonly #out: Writer;
  #unprinted = 0;

  constructor(
    { output, maxErrors }: Pick<ValidateValues, 'output' | 'maxErrors'>,
    { out }: Pick<Runtime, 'out'>,
  ) {
    this.#form = forms[output];
    this.#isNdjson = output === 'ndjson';
    this.#most = maxErrors;
    this.#out = out;
  }

  /** The findings that were printed. */
  get printed(): readonly Finding[] {
    return this.#printed;
  }

  /** How many findings were only counted. */
  get unprinted(): number {
    return this.#unprinted;
  }

  readonly print = async (findings: readonly Finding[]): Promise<void> => {
    if (findings.length === 0) return;
    const some = findings.slice(0, Math.max(0, this.#most - this.#printed.length));
    this.#unprinted += findings.length - some.length;
    this.#printed.push(...some);
    if (some.length === 0) return;
    if (this.#form) {
      await this.#out.print(...some.map(this.#form));
    } else if (this.#isNdjson) {
      await this.#out.write(some.map(jsonLine).join(''));
    }
  };
}
