import type { OnlineFeatures } from '../../features/online-features.ts';
import { instantMs } from '../../records/instant-ms.ts';
import type { Label } from '../../records/label.ts';

interface Report {
  readonly at: number;
  readonly label: Label;
}

/** Frauds that are known to us, each learnt by the features only when it was reported. */
export class ReportedFrauds {
  readonly #online: OnlineFeatures;
  readonly #byId = new Map<string, Label>();
  /** To be learnt, the first one last. */
  #pending: Report[] = [];
  #isSorted = true;

  constructor(online: OnlineFeatures) {
    this.#online = online;
  }

  /** Hears of a label, in time: before its transaction. One without a report is never learnt. */
  readonly tell = (label: Label): void => {
    this.#byId.set(label.transaction_id, label);
    if (!label.is_fraud || !label.reported_at) return;
    this.#pending.push({ at: instantMs(label.reported_at), label });
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
    for (let next = this.#pending.at(-1); next && next.at <= time; next = this.#pending.at(-1)) {
      this.#pending.pop();
      this.#online.learn(next.label);
    }
  }
}
