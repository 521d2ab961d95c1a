import { FraudstreamError } from '../../fraudstream-error.ts';
import { countries } from '../../generators/population/countries.ts';
import { type Parser, parser } from './parser.ts';

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
