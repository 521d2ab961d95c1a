import { grouped, setting } from '../../../cli/settings/define-setting.ts';
import { choice, type Parser, pairs, parser, path } from '../../../cli/settings/parsers.ts';
import { partition } from '../../../cli/settings/partition.ts';
import { count, instant, positiveCount, share } from '../../../cli/settings/quantities.ts';
import { FraudstreamError } from '../../../errors.ts';
import { REAL_FRAUD_RATE } from '../../../generators/fraud/fraud-rate.ts';
import { countries } from '../../../generators/population/countries.ts';
import { ipSpaces } from '../../../geoip/ip-space.ts';

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
      `there is no country "${unknown}". Use ${known.join(', ')}.`,
    );
  },
);

/** A share of fraud, or the one that is published of life. */
export const fraudRate: Parser<number> = parser(
  `a percentage from 0% to 100% such as 2% (or a ratio from 0 to 1), or "real" for ${REAL_FRAUD_RATE * 100}%`,
  'real',
  (text) => (text.toLowerCase() === 'real' ? REAL_FRAUD_RATE : share.read([text])),
);

/** The world that transactions are generated from. */
export const worldSettings = grouped('Generated world:', {
  seed: setting(
    '--seed <number>',
    'same seed, same bytes (default: random, and printed)',
    undefined,
    count,
  ),
  cards: setting('--cards <count>', 'number of cards', '10k', positiveCount),
  merchants: setting('--merchants <count>', 'number of merchants', '2k', positiveCount),
  fraudRate: setting(
    '--fraud-rate <share>',
    'share of fraudulent transactions; "real" is 0.02 %, a tenth of the default',
    '0.2%',
    fraudRate,
  ),
  scenario: setting(
    '--scenario <name=share>',
    'share of one kind of fraud among frauds; the others divide the rest',
    undefined,
    pairs(share, 'card_testing=0.3'),
  ),
  world: setting('--world <file>', 'YAML file of fraud and customer behaviour', undefined, path),
  start: setting(
    '--start <instant>',
    'event time of the first transactions (default: 2026-01-01)',
    undefined,
    instant,
  ),
  countries: setting(
    '--countries <codes>',
    'countries of cards and merchants, such as US,DE (default: all 23)',
    undefined,
    countryList,
  ),
  partition: setting(
    '--partition <i/n>',
    'generate slice i of n, from 1/n to n/n',
    undefined,
    partition,
  ),
  ipSpace: setting(
    '--ip-space <space>',
    'source IP addresses: public, or of the documentation networks',
    'public',
    choice(...ipSpaces),
  ),
});
