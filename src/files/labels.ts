import { createReadStream } from 'node:fs';
import { FraudstreamError, readFailureOf } from '../errors.ts';
import { count } from '../text/format.ts';
import { parseJson } from '../text/parse-json.ts';
import { type Label, parseLabel } from '../transactions/label.ts';
import { lines } from './lines.ts';

const LONGEST_LABEL_BYTES = 4_096;

/** Prints lines for people. */
interface LinePrinter {
  print(...lines: readonly string[]): Promise<void>;
}

/** Labels of a file by the transaction they are about; knows which of them no transaction asked for. */
export class Labels {
  readonly #path: string;
  readonly #byId: ReadonlyMap<string, Label>;
  readonly #unused: Set<string>;

  /**
   * True when every label is that of a fraud: a transaction without a label is then genuine. Where some are genuine, it is unknown.
   */
  readonly areOthersGenuine: boolean;
  /** Frauds that say not when they became known, from which no feature learns. */
  readonly #undated: number;

  constructor(path: string, byId: ReadonlyMap<string, Label>) {
    this.#path = path;
    this.#byId = byId;
    this.#unused = new Set(byId.keys());
    const labels = [...byId.values()];
    this.areOthersGenuine = labels.length > 0 && labels.every(({ is_fraud }) => is_fraud);
    this.#undated = labels.filter((label) => label.is_fraud && !label.reported_at).length;
  }

  of(id: string): Label | undefined {
    const label = this.#byId.get(id);
    if (label) this.#unused.delete(id);
    return label;
  }

  all(): Iterable<Label> {
    return this.#byId.values();
  }

  /** Says what transactions without a label count as, what lacks a report, and how many labels fitted nothing. */
  async printNotes({ err }: { readonly err: LinePrinter }): Promise<void> {
    if (this.areOthersGenuine) {
      const rule = 'it names only frauds, so every other transaction counts as genuine.';
      await err.print(`--labels ${this.#path}: ${rule}`);
    }
    if (this.#undated > 0) {
      const what = `${count(this.#undated)} of its frauds have no reported_at, so no feature learns from them.`;
      await err.print(`--labels ${this.#path}: ${what}`);
    }
    const [unused, all] = [this.#unused.size, this.#byId.size];
    if (unused === 0) return;
    const what =
      unused === all
        ? `none of its ${count(all)} labels belongs to a transaction of this run. Is it the right file?`
        : `${count(unused)} of its ${count(all)} labels belong to no transaction of this run.`;
    await err.print(`--labels ${this.#path}: ${what}`);
  }
}

/**
 * Labels of a file, one JSON object a line.
 *
 * Errors: `no-input` when it cannot be read, `bad-data` for a line that is no label.
 */
export async function labelsOf(path: string): Promise<Labels> {
  const labels = new Map<string, Label>();
  try {
    for await (const group of lines(createReadStream(path), LONGEST_LABEL_BYTES)) {
      for (const { bytes, number } of group) {
        if (bytes.length === 0) continue;
        const label = labelOf(bytes, `${path}:${number}`);
        labels.set(label.transaction_id, label);
      }
    }
  } catch (cause) {
    if (cause instanceof FraudstreamError) throw cause;
    const reason = readFailureOf(cause);
    const message = `--labels ${path} cannot be read: ${reason}.`;
    throw new FraudstreamError('no-input', message, { cause });
  }
  return new Labels(path, labels);
}

function labelOf(bytes: Uint8Array, place: string): Label {
  let reason = 'is not JSON';
  try {
    const result = parseLabel(parseJson(Buffer.from(bytes).toString('utf8')));
    if ('label' in result) return result.label;
    reason = `${result.problem.field} ${result.problem.reason}`;
  } catch {
    // Not JSON: the reason says so.
  }
  const message = `${place}: ${reason}. --labels takes NDJSON as "generate --labels sidecar" writes it.`;
  throw new FraudstreamError('bad-data', message);
}
