import { FraudstreamError } from '../../errors.ts';

/**
 * A country of the world: where cards are issued and merchants sell.
 *
 * Units: `weight` share of cards in percent; `utcOffsetHours` of standard time, without summer time;
 * `unitsPerUsd` and `note` (what cash machines count in) in major units of the currency.
 * `asksForTwoFactors`: strong customer authentication is the rule there. `checksAddresses`: AVS is in use.
 * Source: ISO 3166-1 and ISO 4217 for the codes. Weights and rates are constants of this model, of
 * the right order of magnitude; they are no market data.
 */
export interface Country {
  readonly code: string;
  readonly currency: string;
  readonly weight: number;
  readonly utcOffsetHours: number;
  readonly unitsPerUsd: number;
  readonly note: number;
  readonly asksForTwoFactors: boolean;
  readonly checksAddresses: boolean;
}

const rows = `
  US USD 34  -6 1     20    - avs
  GB GBP 10   0 0.79  10    2fa avs
  DE EUR  8   1 0.92  10    2fa -
  FR EUR  7   1 0.92  10    2fa -
  ES EUR  4   1 0.92  10    2fa -
  IT EUR  4   1 0.92  10    2fa -
  NL EUR  2   1 0.92  10    2fa -
  PL PLN  2   1 4.0   50    2fa -
  SE SEK  1.5 1 10.5  100   2fa -
  CH CHF  1.5 1 0.88  20    2fa -
  TR TRY  1.5 3 32    100   - -
  CA CAD  4  -5 1.36  20    - avs
  BR BRL  3.5 -3 5.0  20    - -
  MX MXN  2.5 -6 17   100   - -
  JP JPY  4   9 150   1000  - -
  KR KRW  2   9 1330  10000 - -
  IN INR  3   5.5 83  100   2fa -
  AU AUD  2.5 10 1.5  20    - -
  SG SGD  1   8 1.35  10    - -
  AE AED  0.8 4 3.67  50    - -
  KW KWD  0.4 3 0.307 5     - -
  BH BHD  0.3 3 0.376 5     - -
  ZA ZAR  0.5 2 18.5  50    - -`;

/** All countries; a country is known by its place in this list. */
export const countries: readonly Country[] = rows
  .trim()
  .split('\n')
  .map((row) => {
    const [code = '', currency = '', weight, offset, perUsd, note, sca, avs] = row
      .trim()
      .split(/\s+/);
    return {
      code,
      currency,
      weight: Number(weight),
      utcOffsetHours: Number(offset),
      unitsPerUsd: Number(perUsd),
      note: Number(note),
      asksForTwoFactors: sca === '2fa',
      checksAddresses: avs === 'avs',
    };
  });

/**
 * The share of cards of each country when there are only some, the others having none.
 *
 * Errors: throws `usage` for a code that is not in the list, or for none at all.
 */
export function weightsOf(codes: readonly string[]): readonly number[] {
  const known = countries.map(({ code }) => code);
  const unknown = codes.filter((code) => !known.includes(code));
  if (unknown.length > 0 || codes.length === 0) {
    throw new FraudstreamError(
      'usage',
      `The world has no country ${unknown.join(', ') || 'at all'}: give some of ${known.join(', ')}.`,
    );
  }
  return countries.map(({ code, weight }) => (codes.includes(code) ? weight : 0));
}
