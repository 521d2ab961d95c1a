import { type IpSpace, ipSpaces } from '../../addresses/ip-space.ts';
import { countryList } from './countries.ts';
import { instant } from './instant.ts';
import { choice, pairs, path } from './parser.ts';
import { partition } from './partition.ts';
import { count, positiveCount, share } from './quantity.ts';
import { grouped, type Setting, setting } from './setting.ts';

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
