import { instantMs } from '../transactions/instant.ts';
import type { Label } from '../transactions/label.ts';
import { manifest } from './manifest.ts';

/** What a reported fraud names: who learns of it. */
export type ReportedFraud = Pick<Label, 'merchant_id' | 'terminal_id'>;

/** A fraud and the instant at which it became known, in epoch milliseconds UTC. */
interface Report {
  readonly at: number;
  readonly id: string;
  readonly merchant: string | undefined;
  readonly terminal: string | undefined;
}

/** What another run must know to go on: reports not yet due, and those learnt within the horizon. */
export interface KeptReports {
  readonly due: readonly Report[];
  readonly learnt: ReadonlyMap<string, number>;
  readonly learntUntil: number;
}

const DAY_MS = 86_400_000;
/** The id of a learnt report is remembered for as long as its merchant's days. */
const REMEMBERED_MS = Math.max(...Object.values(manifest.kept_days)) * DAY_MS;
const NOTHING: KeptReports = {
  due: [],
  learnt: new Map(),
  learntUntil: Number.NEGATIVE_INFINITY,
};

/**
 * The one rule by which reported frauds are learnt: each at its `reported_at`, by event time, once.
 *
 * A label without fraud, `reported_at`, or both `merchant_id` and `terminal_id` teaches nothing. Copies of a label are learnt once:
 * beside and inside the input, or of a transaction that a stream delivers twice.
 */
export class ReportedFrauds {
  readonly #learn: (fraud: ReportedFraud, reportedAt: number) => void;
  /** A binary heap: no report is due before that at half its index. */
  readonly #due: Report[] = [];
  readonly #dueIds = new Set<string>();
  /** When those were reported that are learnt; the ids of long ago are forgotten. */
  readonly #learnt: Map<string, number>;
  /** Of the run that this one goes on from: labels known by then need not be learnt again. */
  readonly #learntBefore: number;
  #learntUntil: number;
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor(
    learn: (fraud: ReportedFraud, reportedAt: number) => void,
    kept: KeptReports = NOTHING,
  ) {
    this.#learn = learn;
    this.#learnt = new Map(kept.learnt);
    this.#learntBefore = kept.learntUntil;
    this.#learntUntil = kept.learntUntil;
    for (const report of kept.due) this.#push(report);
  }

  /** Takes a label that is known ahead of its transaction: of a file of labels, or a generated world. */
  expect(label: Label): void {
    if (label.reported_at && instantMs(label.reported_at) <= this.#learntBefore) return;
    this.add(label);
  }

  /** Takes the label that comes with its transaction. */
  add({ is_fraud: isFraud, reported_at: reportedAt, transaction_id: id, ...label }: Label): void {
    const [merchant, terminal] = [label.merchant_id ?? undefined, label.terminal_id ?? undefined];
    if (!isFraud || !reportedAt || !(merchant || terminal)) return;
    const at = instantMs(reportedAt);
    if (Number.isNaN(at) || this.#dueIds.has(id) || this.#learnt.has(id)) return;
    this.#push({ at, id, merchant, terminal });
  }

  /** Learns what was reported up to an instant of event time, in epoch milliseconds UTC. */
  advance(time: number): void {
    this.#learntUntil = Math.max(this.#learntUntil, time);
    for (let next = this.#due[0]; next && next.at <= time; next = this.#due[0]) {
      this.#pop();
      this.#dueIds.delete(next.id);
      this.#learnt.set(next.id, next.at);
      this.#learn(
        { merchant_id: next.merchant ?? null, terminal_id: next.terminal ?? null },
        next.at,
      );
    }
    this.#forget();
  }

  kept(): KeptReports {
    return { due: this.#due, learnt: this.#learnt, learntUntil: this.#learntUntil };
  }

  /** Once a day of event time. */
  #forget(): void {
    if (this.#learntUntil - this.#sweptAt < DAY_MS) return;
    this.#sweptAt = this.#learntUntil;
    for (const [id, at] of this.#learnt) {
      if (this.#learntUntil - at > REMEMBERED_MS) this.#learnt.delete(id);
    }
  }

  #push(report: Report): void {
    const heap = this.#due;
    this.#dueIds.add(report.id);
    let at = heap.length;
    for (let above = (at - 1) >> 1; at > 0; above = (at - 1) >> 1) {
      const parent = heap[above] as Report;
      if (parent.at <= report.at) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = report;
  }

  #pop(): void {
    const heap = this.#due;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (let below = 1; below < heap.length; below = 2 * at + 1) {
      const other = heap[below + 1];
      if (other && other.at < (heap[below] as Report).at) below += 1;
      const child = heap[below] as Report;
      if (child.at >= last.at) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = last;
  }
}
