import { grouped, type Setting, setting } from '../../../cli/settings/define-setting.ts';
import { choice, type Parser, pairs, parser, path } from '../../../cli/settings/parsers.ts';
import { count, instant, positiveCount, share } from '../../../cli/settings/quantities.ts';
import { FraudstreamError } from '../../../errors.ts';
import { countries } from '../../../generators/population/countries.ts';
import { type IpSpace, ipSpaces } from '../../../geoip/ip-space.ts';

/** There are 64 virtual shards to be dealt out. */
const MOST = 64;
/** Stands for a number that nobody told. */
const UNTOLD = '?';

/** A slice of a world, counted from 1: 1/3, 2/3, 3/3. */
export const partition: Parser<{ readonly index: number; readonly of: number }> = parser(
  `a slice such as 1/3, 2/3 or 3/3 (at most ${MOST} slices)`,
  '1/3',
  (text) => {
    if (text.endsWith(UNTOLD)) throw untold(text);
    const [, place, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
    const [index, of] = [Number(place) - 1, Number(count)];
    return index >= 0 && index < of && of <= MOST ? { index, of } : undefined;
  },
);

/** The variables by which runners of jobs number their tasks from 0, and those with the number of tasks. */
const runners: readonly (readonly [string, string])[] = [
  ['AWS_BATCH_JOB_ARRAY_INDEX', 'AWS_BATCH_JOB_ARRAY_SIZE'],
  // Kubernetes does not tell the number: the manifest sets it beside spec.completions.
  ['JOB_COMPLETION_INDEX', 'JOB_COMPLETIONS'],
];

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The environment with the slice of a task of an AWS Batch array job or a Kubernetes indexed Job as
 * `FRAUDSTREAM_PARTITION`, unless that is set.
 */
export function withPartition(env: Env): Env {
  if (env.FRAUDSTREAM_PARTITION) return env;
  for (const [index, count] of runners) {
    if (!env[index]) continue;
    return { ...env, FRAUDSTREAM_PARTITION: `${Number(env[index]) + 1}/${env[count] || UNTOLD}` };
  }
  return env;
}

/** Tasks that all made the whole world would put every transaction so many times. */
function untold(text: string): FraudstreamError {
  const message = `this is task ${text.split('/')[0]} of a Kubernetes indexed Job, but nobody says of how many. Set JOB_COMPLETIONS to its spec.completions, or give --partition`;
  return new FraudstreamError('bad-config', message);
}

const known = countries.map(({ code }) => code);

/** Codes of countries that a world can have, separated by commas: US,DE. */
export const countryList: Parser<readonly string[]> = parser(
  'country codes such as US,DE',
  'US,DE',
  (text) => {
    const codes = text.split(',').map((code) => code.trim().toUpperCase());
    const unknown = codes.find((code) => !known.includes(code));
    if (unknown === undefined) return [...new Set(codes)];
    throw new FraudstreamError(
      'usage',
      `there is no country "${unknown}" here. Known are ${known.join(', ')}.`,
    );
  },
);

/** The world that transactions are generated from. */
export const worldSettings: {
  readonly seed: Setting<number | undefined>;
  readonly cards: Setting<number>;
  readonly merchants: Setting<number>;
  readonly fraudRate: Setting<number>;
  readonly scenario: Setting<ReadonlyMap<string, number> | undefined>;
  readonly world: Setting<string | undefined>;
  readonly start: Setting<number | undefined>;
  readonly countries: Setting<readonly string[] | undefined>;
  readonly partition: Setting<{ readonly index: number; readonly of: number } | undefined>;
  readonly ipSpace: Setting<IpSpace>;
} = grouped('Generated world:', {
  seed: setting(
    '--seed <number>',
    'same seed, same bytes; drawn and told if absent',
    undefined,
    count,
  ),
  cards: setting('--cards <count>', 'cards in use', '10k', positiveCount),
  merchants: setting('--merchants <count>', 'merchants', '2k', positiveCount),
  fraudRate: setting('--fraud-rate <share>', 'share of fraudulent transactions', '0.2%', share),
  scenario: setting(
    '--scenario <name=share>',
    'share of a kind of fraud among frauds; the other kinds divide the rest',
    undefined,
    pairs(share, 'card_testing=0.3'),
  ),
  world: setting(
    '--world <file>',
    'YAML with the numbers of kinds of fraud and of honest habits',
    undefined,
    path,
  ),
  start: setting(
    '--start <instant>',
    'event time of the beginning (default: 2026-01-01)',
    undefined,
    instant,
  ),
  countries: setting(
    '--countries <codes>',
    'countries of cards, merchants and travels, such as US,DE (default: 23)',
    undefined,
    countryList,
  ),
  partition: setting(
    '--partition <i/n>',
    'the i-th of n slices of the world, from 1/n to n/n',
    undefined,
    partition,
  ),
  ipSpace: setting(
    '--ip-space <space>',
    'source addresses of the world, or of networks for documentation',
    'public',
    choice(...ipSpaces),
  ),
});
