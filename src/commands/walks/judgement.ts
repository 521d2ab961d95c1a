import { manifest } from '../../features/manifest.ts';
import type { Label } from '../../records/label.ts';
import type { Verdict } from '../../records/verdict.ts';
import { Quality, type QualitySummary } from '../../reporting/quality.ts';
import { Suspects } from '../../reporting/suspects.ts';
import type { Suspect } from '../../reporting/suspects-text.ts';
import type { Model } from '../../scoring/model/model.ts';
import { type Reason, reasonsOf } from '../../scoring/model/reasons.ts';

/** What a missed fraud and a false alarm cost, in US dollars, where nobody says. */
const COSTS = { missedFraud: 100, falseAlarm: 3 };
const NAMED = 10;
const REASONS = 3;

/** A reason whose value is a code gets the word for it. */
function inWords(reason: Reason): Omit<Reason, 'value'> & { readonly value: number | string } {
  const word = manifest.codes[reason.feature]?.[reason.value];
  return word === undefined ? reason : { ...reason, value: word };
}

/** Verdicts against the truth that was kept back, each transaction once. */
export class Judgement {
  readonly #model: Model;
  readonly #quality: Quality;
  readonly #suspects = new Suspects(NAMED);
  readonly #frauds = new Set<string>();
  readonly #seen = new Set<string>();

  constructor(model: Model) {
    this.#model = model;
    this.#quality = new Quality(model.threshold, COSTS);
  }

  tell({ transaction_id: id }: Label): void {
    this.#frauds.add(id);
  }

  readonly hear = (verdict: Verdict): void => {
    const { transaction_id: id, score } = verdict;
    if (this.#seen.has(id)) return;
    this.#seen.add(id);
    if (typeof score !== 'number') this.#quality.addUnscored(this.#frauds.has(id));
    else this.#quality.add(score, this.#frauds.has(id));
    this.#suspects.add(verdict);
  };

  summary(): { readonly quality: QualitySummary; readonly suspects: readonly Suspect[] } {
    const suspects = this.#suspects.top().map((verdict) => this.#suspect(verdict));
    return { quality: this.#quality.summary(), suspects };
  }

  #suspect({ transaction_id: id, card_id: cardId, score, features }: Verdict): Suspect {
    const row = Float32Array.from(features ?? [], (value) => value ?? Number.NaN);
    const isWhole = row.length === this.#model.featureNames.length;
    return {
      transactionId: id,
      cardId,
      score: score ?? 0,
      isFraud: this.#frauds.has(id),
      reasons: isWhole ? reasonsOf(this.#model, row, REASONS).map(inWords) : [],
    };
  }
}
