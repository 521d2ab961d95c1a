import type { OnlineFeatures } from '../../../features/online-features.ts';
import { instantMs } from '../../../records/instant-ms.ts';
import type { Label } from '../../../records/label.ts';

interface Report {
  readonly at: number;
  readonly label: Label;
}

/** Reports that are not yet due, the first one last, and the instant up to which others were learnt. */
export interface WaitingReports {
  readonly reports: readonly Report[];
  readonly learntUntil: number;
}

const NOTHING: WaitingReports = { reports: [], learntUntil: Number.NEGATIVE_INFINITY };

/** Frauds that are known to us, each learnt by the features only when it was reported. */
export class ReportedFrauds {
  readonly #online: OnlineFeatures;
  readonly #byId = new Map<string, Label>();
  /** Of the run that was gone on from: what was reported by then is learnt already. */
  readonly #learntBefore: number;
  /** To be learnt, the first one last. */
  readonly #pending: Report[];
  #isSorted = true;
  #learntUntil: number;

  constructor(online: OnlineFeatures, { reports, learntUntil }: WaitingReports = NOTHING) {
    this.#online = online;
    this.#pending = [...reports];
    this.#learntBefore = learntUntil;
    this.#learntUntil = learntUntil;
    for (const { label } of reports) this.#byId.set(label.transaction_id, label);
  }

  /**
   * Hears of a label, in time: before its transaction. One without a report is never learnt, and none is learnt twice.
   */
  readonly tell = (label: Label): void => {
    const isTold = this.#byId.has(label.transaction_id);
    this.#byId.set(label.transaction_id, label);
    if (isTold || !label.is_fraud || !label.reported_at) return;
    const at = instantMs(label.reported_at);
    if (at <= this.#learntBefore) return;
    this.#pending.push({ at, label });
    this.#isSorted = false;
  };

  /** What is known of a transaction. */
  of(id: string): Label | undefined {
    return this.#byId.get(id);
  }

  /** Learns what was reported up to an instant, in epoch milliseconds. */
  advance(time: number): void {
    if (!this.#isSorted) {
      this.#pending.sort((a, b) => b.at - a.at);
      this.#isSorted = true;
    }
    this.#learntUntil = Math.max(this.#learntUntil, time);
    for (let next = this.#pending.at(-1); next && next.at <= time; next = this.#pending.at(-1)) {
      this.#pending.pop();
      this.#online.learn(next.label);
    }
  }

  /** What the next run must know. */
  waiting(): WaitingReports {
    return { reports: this.#pending, learntUntil: this.#learntUntil };
  }
}
