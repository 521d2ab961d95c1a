import { FraudstreamError } from '../../errors.ts';

/** How cardholders are asked who they are online: by law in the EEA and the UK, always, by risk, or rarely. */
export type Authentication = 'sca' | 'always' | 'risk' | 'rare';

/**
 * A country of the world: where cards are issued and merchants sell.
 *
 * Units: `weight` share of cards in percent; `unitsPerUsd` and `note` (what cash machines count in) in major
 * units of the currency; `priceStep` and `charmStep` in minor units: what prices are multiples of, and how far
 * below a round price a price that looks cheaper is; `stripe` and `contactless` percent of reads in shops;
 * `contactlessLimit` in major units, above which a contactless card needs its PIN, 0 where there is no limit.
 * `asksForPin`: chip and PIN, else chip and signature. `checksAddresses`: AVS is in use.
 * Source: ISO 3166-1 and ISO 4217 for the codes; docs/world.md for stripes, limits and authentication.
 * Weights and rates are constants of this model, of the right order of magnitude; they are no market data.
 */
export interface Country {
  readonly code: string;
  readonly currency: string;
  readonly weight: number;
  readonly unitsPerUsd: number;
  readonly note: number;
  readonly priceStep: number;
  readonly charmStep: number;
  readonly authentication: Authentication;
  readonly checksAddresses: boolean;
  readonly stripe: number;
  readonly contactless: number;
  readonly contactlessLimit: number;
  readonly asksForPin: boolean;
}

const rows = `
  US USD 34  1     20    1   1   rare   avs 18  30 0     -
  GB GBP 10  0.79  10    1   1   sca    avs 0.5 65 100   pin
  DE EUR  8  0.92  10    1   1   sca    -   0.5 65 50    pin
  FR EUR  7  0.92  10    1   1   sca    -   0.5 62 50    pin
  ES EUR  4  0.92  10    1   5   sca    -   0.5 66 50    pin
  IT EUR  4  0.92  10    1   10  sca    -   0.5 60 50    pin
  NL EUR  2  0.92  10    1   1   sca    -   0.5 80 50    pin
  PL PLN  2  4.0   50    1   1   sca    -   0.6 85 100   pin
  SE SEK  1.5 10.5 100   1   100 sca    -   0.4 70 400   pin
  CH CHF  1.5 0.88 20    5   10  risk   -   0.5 70 80    pin
  TR TRY  1.5 32   100   5   10  risk   -   2.4 50 1500  pin
  CA CAD  4  1.36  20    1   1   rare   avs 3   60 250   pin
  BR BRL  3.5 5.0  20    1   10  risk   -   3   45 200   pin
  MX MXN  2.5 17   100   50  100 risk   -   4   25 400   pin
  JP JPY  4  150   1000  1   20  risk   -   26  30 15000 pin
  KR KRW  2  1330  10000 10  100 always -   20  12 50000 -
  IN INR  3  83    100   100 100 always -   15  20 5000  pin
  AU AUD  2.5 1.5  20    1   5   risk   -   3   88 200   pin
  SG SGD  1  1.35  10    5   10  risk   -   4   70 200   pin
  AE AED  0.8 3.67 50    25  100 risk   -   1   75 500   pin
  KW KWD  0.4 0.307 5    5   50  always -   1   75 25    pin
  BH BHD  0.3 0.376 5    5   50  always -   1   75 50    pin
  ZA ZAR  0.5 18.5 50    1   5   always -   1   50 500   pin`;

/** All countries; a country is known by its place in this list. */
export const countries: readonly Country[] = rows
  .trim()
  .split('\n')
  .map((row) => {
    const [code = '', currency = '', ...columns] = row.trim().split(/\s+/);
    const [weight, unitsPerUsd, note, priceStep, charmStep] = columns.slice(0, 5).map(Number);
    const [authentication, avs] = columns.slice(5, 7);
    const [stripe, contactless, contactlessLimit] = columns.slice(7, 10).map(Number);
    return {
      code,
      currency,
      weight: weight ?? 0,
      unitsPerUsd: unitsPerUsd ?? 0,
      note: note ?? 0,
      priceStep: priceStep ?? 1,
      charmStep: charmStep ?? 1,
      authentication: authentication as Authentication,
      checksAddresses: avs === 'avs',
      stripe: stripe ?? 0,
      contactless: contactless ?? 0,
      contactlessLimit: contactlessLimit ?? 0,
      asksForPin: columns[10] === 'pin',
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
