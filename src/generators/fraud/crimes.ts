import { FraudstreamError } from '../../fraudstream-error.ts';
import type { Numbers } from './scenario.ts';
import { scenarios } from './scenarios.ts';

/** Kinds of fraud that differ from the usual, by name. */
export type Crimes = Readonly<Record<string, Partial<Numbers>>>;

/** What each number may be. */
const ranges: Readonly<Record<keyof Numbers, readonly [least: number, most: number]>> = {
  share: [0, 1],
  least: [1, 10_000],
  most: [1, 10_000],
  meanGapMs: [1, 1e10],
  declined: [0, 1],
  cheapest: [0.01, 1000],
  dearest: [0.01, 1000],
};

/**
 * What each kind of fraud is like, in the order of the list of scenarios.
 *
 * Kinds whose share is given have it; the others divide the rest among them as they usually do.
 * Errors: throws `usage` for a name or a number that is not known or out of range.
 */
export function crimesOf(changed: Crimes): readonly Numbers[] {
  check(changed);
  const given = scenarios.map(({ name }) => changed[name]?.share);
  const taken = given.reduce<number>((sum, share) => sum + (share ?? 0), 0);
  const usual = scenarios.reduce(
    (sum, { numbers }, kind) => sum + (given[kind] === undefined ? numbers.share : 0),
    0,
  );
  if (taken > 1 + 1e-9 || (usual === 0 && taken < 1 - 1e-9)) {
    throw new FraudstreamError(
      'usage',
      `The shares of scenarios add up to ${Number(taken.toFixed(6))}: give at most 1, and 1 when all are given.`,
    );
  }
  return scenarios.map(({ name, numbers }, kind) => ({
    ...numbers,
    ...changed[name],
    share: given[kind] ?? (numbers.share / usual) * Math.max(0, 1 - taken),
  }));
}

function check(changed: Crimes): void {
  for (const [name, numbers] of Object.entries(changed)) {
    const usual = scenarios.find((scenario) => scenario.name === name)?.numbers;
    if (!usual) {
      const names = scenarios.map((scenario) => scenario.name).join(', ');
      throw new FraudstreamError('usage', `scenarios.${name} is unknown: there are ${names}.`);
    }
    for (const [field, value] of Object.entries(numbers))
      checkNumber(`${name}.${field}`, field, value);
    const { least, most, cheapest, dearest } = { ...usual, ...numbers };
    if (least > most || cheapest > dearest) {
      throw new FraudstreamError(
        'usage',
        `scenarios.${name}: least must not be above most, nor cheapest above dearest.`,
      );
    }
  }
}

function checkNumber(path: string, field: string, value: unknown): void {
  if (!Object.hasOwn(ranges, field)) {
    const names = Object.keys(ranges).join(', ');
    throw new FraudstreamError('usage', `scenarios.${path} is unknown: there are ${names}.`);
  }
  const [least, most] = ranges[field as keyof Numbers];
  const isWhole = !['least', 'most'].includes(field) || Number.isInteger(value);
  if (typeof value === 'number' && value >= least && value <= most && isWhole) return;
  throw new FraudstreamError(
    'usage',
    `scenarios.${path} is ${JSON.stringify(value)}: give a number from ${least} to ${most}.`,
  );
}
