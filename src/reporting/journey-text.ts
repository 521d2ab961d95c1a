import type { CorrelationCounts, CorrelationTrouble } from '../records/correlation-counts.ts';
import { count, percent } from './format.ts';
import type { JourneyParity } from './journey.ts';
import { pairs } from './pairs.ts';
import type { ParitySummary } from './parity.ts';

/** What became of transactions by their verdicts, in lines that a person reads in ten seconds. */
export function correlationText(counts: CorrelationCounts): readonly string[] {
  const { acknowledged, matched, late, settled, identical, contradicting, oursTwice } = counts;
  const share = settled > 0 ? percent(matched / settled) : '-';
  const ours = oursTwice > 0 ? `, ${count(oursTwice)} of them of what we may have put twice` : '';
  return [
    ...pairs([
      [
        'Verdicts',
        `${count(matched)} of ${count(acknowledged)} acknowledged matched (${share}), ${count(late)} late, ${count(counts.unscored)} unscored`,
      ],
      [
        'Lost',
        `${count(counts.missing)} missing, ${count(counts.rejected)} rejected, ${count(counts.undelivered)} never delivered${counts.outstanding > 0 ? `, ${count(counts.outstanding)} outstanding` : ''}`,
      ],
      [
        'Order',
        `${count(identical)} duplicates, ${count(contradicting)} contradicting${ours}, ${count(counts.outOfOrder)} out of order, ${count(counts.unknown)} unknown`,
      ],
    ]),
    ...examples(counts),
  ];
}

const words: Readonly<Record<CorrelationTrouble, string>> = {
  missing: 'missing',
  undelivered: 'undelivered',
  late: 'late',
  unscored: 'unscored',
  rejected: 'rejected',
  duplicate: 'twice',
  contradicting: 'contradicting',
  out_of_order: 'out of order',
  unknown: 'unknown',
};

const EXAMPLES = 3;

function examples(counts: CorrelationCounts): readonly string[] {
  const rows = Object.entries(counts.examples).flatMap(([trouble, ids]) => {
    if (ids.length === 0) return [];
    const more = ids.length > EXAMPLES ? ', ...' : '';
    const word = words[trouble as CorrelationTrouble];
    return [['', `${word}: ${ids.slice(0, EXAMPLES).join(', ')}${more}`] as const];
  });
  return pairs(rows);
}

/** Whether scores are those of the offline model, and the worst that are not. */
export function parityText({ model, features }: JourneyParity): readonly string[] {
  return [
    ...parityLines('Parity', 'the model of its own features', model),
    ...parityLines(model ? '' : 'Parity', 'the model of features computed here', features),
  ];
}

function parityLines(
  title: string,
  other: string,
  parity: ParitySummary | undefined,
): readonly string[] {
  if (!parity) return [];
  const { compared, skewed, flipped, maxDifference, worst } = parity;
  const far = skewed > 0 ? `, at most ${maxDifference.toPrecision(3)} apart` : '';
  const sides = flipped > 0 ? `, ${count(flipped)} on the other side of the threshold` : '';
  const examples = worst.slice(0, EXAMPLES);
  return pairs([
    [
      title,
      `${count(skewed)} of ${count(compared)} scores (${percent(skewed / compared)}) differ from ${other}${far}${sides}`,
    ],
    ...examples.map(
      ({ transactionId, score, expected }) =>
        [
          '',
          `${transactionId}: ${score.toPrecision(6)} instead of ${expected.toPrecision(6)}`,
        ] as const,
    ),
  ]);
}
