import { FraudstreamError } from '../../fraudstream-error.ts';
import { type AddressSpace, addressKinds } from '../addresses/address-space.ts';
import { countries } from './countries.ts';

/**
 * The countries where cards are issued, merchants sell and people travel to.
 *
 * Shapes: one of each for every known country. `standIns` is the country itself, or for one that is
 * left out the one that takes its place. `weights` are 0 for those left out.
 */
export interface Homes {
  readonly weights: readonly number[];
  readonly standIns: readonly number[];
  /** The places of those that are not left out. */
  readonly places: readonly number[];
}

/** The codes of all countries that a world can have. */
export const countryCodes: readonly string[] = countries.map(({ code }) => code);

/**
 * The countries of these codes.
 *
 * Errors: throws `usage` for an unknown code, and for none at all.
 */
export function homes(codes: readonly string[]): Homes {
  const unknown = codes.find((code) => !countryCodes.includes(code));
  if (unknown !== undefined || codes.length === 0) {
    throw new FraudstreamError(
      'usage',
      `The world has no country "${unknown ?? ''}": its countries are ${countryCodes.join(', ')}.`,
    );
  }
  const places = [...countries.keys()].filter((place) => codes.includes(countryCodes[place] ?? ''));
  const isHome = (place: number): boolean => places.includes(place);
  return {
    places,
    weights: countries.map(({ weight }, place) => (isHome(place) ? weight : 0)),
    standIns: countries.map((_, place) =>
      isHome(place) ? place : (places[place % places.length] ?? 0),
    ),
  };
}

/** Addresses of people only in these countries; rented servers and anonymisers are everywhere. */
export function addressesIn(space: AddressSpace, { standIns }: Homes): AddressSpace {
  const place = (country: number, kind: number): number => {
    const isPeople = kind === addressKinds.consumer || kind === addressKinds.mobile;
    return isPeople ? (standIns[country] ?? country) : country;
  };
  return {
    ...space,
    v4: (country, kind, draw) => space.v4(place(country, kind), kind, draw),
    v6: (country, kind, draw) => space.v6(place(country, kind), kind, draw),
  };
}
