import { isDeepStrictEqual } from 'node:util';
import type { CountryCount } from '../document/facts.ts';
import type { JourneyParity } from '../journey.ts';
import type { ParitySummary } from '../parity.ts';
import { Quality, type QualityOfScored, type QualitySummary } from '../quality.ts';
import { type ScenarioSummary, Scenarios } from '../scenarios.ts';
import { type Snaked, snaked } from '../snake-case.ts';
import type { Suspect } from '../suspects-text.ts';
import { byKey, first, mean, merged, most, type Rules, sum } from './rule.ts';

type Judged = Snaked<QualitySummary>;
type Parity = Snaked<ParitySummary>;

/** Examples shown of suspects and of differing scores. */
const SHOWN = 10;

/** All scores of all parts against their truth; nothing where thresholds or costs differ. */
export function qualities(parts: readonly Judged[]): Judged | undefined {
  const quality = unionOf(parts);
  return quality && snaked(quality.summary());
}

/** The same of what got a score alone, made of the same counts. */
export function qualitiesOfScored(parts: readonly Judged[]): Snaked<QualityOfScored> | undefined {
  const quality = unionOf(parts);
  return quality && snaked(quality.summaryOfScored());
}

function unionOf(parts: readonly Judged[]): Quality | undefined {
  const { threshold, costs } = parts[0] as Judged;
  const isSame = parts.every((part) => part.threshold === threshold);
  if (!isSame || !parts.every((part) => isDeepStrictEqual(part.costs, costs))) return undefined;
  const quality = new Quality(threshold, {
    missedFraud: costs.missed_fraud,
    falseAlarm: costs.false_alarm,
  });
  for (const { scores, cards, ...part } of parts) {
    quality.addParts({
      truePositives: part.true_positives,
      falsePositives: part.false_positives,
      missedUnscored: part.missed_unscored ?? 0,
      // Earlier versions did not count them.
      unscoredGenuine: part.unscored_genuine ?? 0,
      scores,
      ...(cards && { cards: cardsOf(cards) }),
    });
  }
  return quality;
}

function cardsOf({ days }: NonNullable<Judged['cards']>): NonNullable<QualitySummary['cards']> {
  return {
    cardsADay: 0,
    precision: 0,
    days: days.map(({ top, ...day }) => ({
      ...day,
      top: top.map(({ card_id: cardId, score }) => ({ cardId, score })),
    })),
  };
}

export function scenarios(
  lists: readonly (readonly Snaked<ScenarioSummary>[])[],
): readonly Snaked<ScenarioSummary>[] {
  const fold = new Scenarios();
  for (const scenario of lists.flat()) fold.addParts(scenario);
  return snaked(fold.summary());
}

export function suspects(
  lists: readonly (readonly Snaked<Suspect>[])[],
): readonly Snaked<Suspect>[] {
  return [...lists.flat()].sort((a, b) => b.score - a.score).slice(0, SHOWN);
}

const country: Rules<CountryCount> = {
  country: first,
  transactions: sum,
  frauds: sum,
  found: sum,
};

export const countries: (lists: readonly (readonly CountryCount[])[]) => readonly CountryCount[] =
  byKey(
    ({ country: code }) => code,
    (same) => merged(country, same),
  );

const parity: Rules<Parity> = {
  compared: sum,
  skewed: sum,
  flipped: sum,
  skewed_share: mean('compared'),
  tolerance: first,
  max_difference: most,
  mean_difference: mean('compared'),
  worst: (lists) => [...lists.flat()].sort((a, b) => b.difference - a.difference).slice(0, SHOWN),
};

export function parities(parts: readonly Snaked<JourneyParity>[]): Snaked<JourneyParity> {
  const of = (key: keyof JourneyParity): Parity | undefined => {
    const known = parts.flatMap((part) => part[key] ?? []);
    return known.length > 0 ? merged(parity, known) : undefined;
  };
  return { model: of('model'), features: of('features') };
}
