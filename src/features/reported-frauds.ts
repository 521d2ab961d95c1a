import { instantMs } from '../transactions/instant.ts';
import type { Label } from '../transactions/label.ts';
import { fnv } from './encoded-transaction.ts';
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
 * The one rule by which reported frauds are learnt: each once, before the first transaction of its merchant whose event time is not
 * before `reported_at`; of its terminal, where the label names no merchant.
 *
 * Transactions of other merchants change nothing, so that each merchant can be kept by another machine, as in the Flink job, and one
 * transaction of the far future makes no report known too early. A label without fraud, `reported_at`, or both `merchant_id` and
 * `terminal_id` teaches nothing. Copies of a label are learnt once: beside and inside the input, or of a transaction that a stream
 * delivers twice.
 */
export class ReportedFrauds {
  readonly #learn: (fraud: ReportedFraud, reportedAt: number) => void;
  /** Those to come, by the key that learns them. */
  readonly #due = new Map<string, ReportHeap>();
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

  /** Learns what the merchant of a transaction, or its terminal, was reported for up to its `time`, in epoch milliseconds UTC. */
  advance(transaction: ReportedFraud, time: number): void {
    // A day at most, as the clock that forgets keys: one transaction of the far future forgets nothing.
    if (time > this.#learntUntil) {
      const most = this.#learntUntil + DAY_MS;
      this.#learntUntil = Number.isFinite(most) ? Math.min(time, most) : time;
    }
    if (this.#due.size > 0)
      this.#learnDue(keyOf(transaction.merchant_id, transaction.terminal_id), time);
    this.#forget();
  }

  kept(): KeptReports {
    const due = [...this.#due.values()].flatMap((heap) => heap.reports);
    return { due, learnt: this.#learnt, learntUntil: this.#learntUntil };
  }

  #learnDue(key: string, time: number): void {
    const heap = this.#due.get(key);
    if (!heap) return;
    for (let next = heap.first; next && next.at <= time; next = heap.first) {
      heap.removeFirst();
      this.#dueIds.delete(next.id);
      this.#learnt.set(next.id, next.at);
      // No window looks back to one of long ago, which a stream of labels brings again to each run.
      if (time - next.at > REMEMBERED_MS) continue;
      const { merchant, terminal } = next;
      this.#learn({ merchant_id: merchant ?? null, terminal_id: terminal ?? null }, next.at);
    }
    if (heap.first === undefined) this.#due.delete(key);
  }

  /** Once a day of event time: what no window looks back to any more, also of merchants that are gone. */
  #forget(): void {
    if (this.#sweptAt === Number.NEGATIVE_INFINITY) this.#sweptAt = this.#learntUntil;
    if (this.#learntUntil - this.#sweptAt < DAY_MS) return;
    this.#sweptAt = this.#learntUntil;
    const since = this.#learntUntil - REMEMBERED_MS;
    for (const [id, at] of this.#learnt) if (at < since) this.#learnt.delete(id);
    for (const [key, heap] of this.#due) {
      for (let next = heap.first; next && next.at < since; next = heap.first) {
        heap.removeFirst();
        this.#dueIds.delete(next.id);
      }
      if (heap.first === undefined) this.#due.delete(key);
    }
  }

  #push(report: Report): void {
    this.#dueIds.add(report.id);
    const key = keyOf(report.merchant, report.terminal);
    let heap = this.#due.get(key);
    if (!heap) {
      heap = new ReportHeap();
      this.#due.set(key, heap);
    }
    heap.add(report);
  }
}

/** Who learns: the merchant; of a terminal without one the hash that its past is known by. */
function keyOf(merchant: string | null | undefined, terminal: string | null | undefined): string {
  if (merchant) return `m${merchant}`;
  return terminal ? `t${fnv(terminal)}` : '';
}

/** A binary heap: no report is due before that at half its index. */
class ReportHeap {
  readonly #reports: Report[] = [];

  get reports(): readonly Report[] {
    return this.#reports;
  }

  get first(): Report | undefined {
    return this.#reports[0];
  }

  add(report: Report): void {
    const heap = this.#reports;
    let at = heap.length;
    for (let above = (at - 1) >> 1; at > 0; above = (at - 1) >> 1) {
      const parent = heap[above] as Report;
      if (parent.at <= report.at) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = report;
  }

  removeFirst(): void {
    const heap = this.#reports;
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
