import { FraudstreamError } from '../../fraudstream-error.ts';
import { flagOf, type Setting } from './setting.ts';
import type { Source } from './source.ts';

interface Related {
  readonly key: string;
  readonly setting: Setting<unknown>;
  readonly source: Source;
  readonly value: unknown;
}

/** Who is heard first. */
const ranks: Readonly<Record<Source['kind'], number>> = {
  flag: 0,
  environment: 1,
  file: 2,
  default: 3,
};

/**
 * The settings, each with whether another has taken its place.
 *
 * Of two that exclude each other the one with the stronger source holds; of equals the one that
 * stands `insteadOf` the other.
 * Errors: throws `usage` for two such flags, and for a flag without the one it needs.
 */
export function related<T extends Related>(
  settled: readonly T[],
): readonly (T & { readonly isOverruled: boolean })[] {
  const byKey = new Map(settled.map((one) => [one.key, one]));
  const overruled = new Set<string>();
  for (const one of settled.filter(isSaid)) {
    const { insteadOf = '', needs = '' } = one.setting;
    const needed = byKey.get(needs);
    if (needed && one.source.kind === 'flag' && !isSaid(needed)) throw lonely(one, needed);
    const rival = byKey.get(insteadOf);
    if (rival && isSaid(rival)) overruled.add(weaker(one, rival).key);
  }
  return settled.map((one) => ({ ...one, isOverruled: overruled.has(one.key) }));
}

/** A switch that is off says as little as a setting that nobody gave. */
function isSaid({ source, value }: Related): boolean {
  return source.kind !== 'default' && value !== false;
}

function weaker(one: Related, rival: Related): Related {
  if (one.source.kind === 'flag' && rival.source.kind === 'flag') {
    const [flag, other] = [flagOf(one.setting), flagOf(rival.setting)];
    const message = `${flag} stands instead of ${other}: leave one of them out.`;
    throw new FraudstreamError('usage', message);
  }
  return ranks[rival.source.kind] < ranks[one.source.kind] ? one : rival;
}

function lonely(one: Related, needed: Related): FraudstreamError {
  const [flag, other] = [flagOf(one.setting), flagOf(needed.setting)];
  return new FraudstreamError(
    'usage',
    `${flag} does nothing without ${other}: add ${other}, or leave ${flag} out.`,
  );
}
