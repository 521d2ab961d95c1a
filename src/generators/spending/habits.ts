import { FraudstreamError } from '../../errors.ts';

/**
 * How honest people behave, in shares from 0 to 1: much of it looks like fraud, and is none.
 *
 * All are constants of this model, of the right order of magnitude; they are no market data.
 */
export interface Habits {
  /** Of the cards, in any one week, that are abroad. */
  readonly travelling: number;
  /** Of the cards whose holder lives near a border, and is beyond it for some hours of the day. */
  readonly commuters: number;
  /** Of the cards whose holder has a VPN, and of their purchases that go through it. */
  readonly vpnUsers: number;
  readonly vpnUse: number;
  /** Of homes with IPv6, and of cards that share home and line with another. */
  readonly ipv6Homes: number;
  readonly households: number;
  /** Of purchases online through a mobile operator's shared gateway. */
  readonly mobile: number;
  /** Of purchases online from another computer than the usual ones, or one that has forgotten its cookies. */
  readonly otherDevice: number;
  /** Of purchases at a merchant in another country than the one the card is in. */
  readonly remote: number;
  /** Of purchases that are given back, wholly or in part, where such things are bought. */
  readonly refunds: number;
  /** Of the cards that are lost or stolen in a year, though nobody misuses them. */
  readonly lostCards: number;
  /** Of declined purchases that are tried again, and of these that are declined again. */
  readonly retried: number;
  readonly declinedAgain: number;
  /** Of purchases with a number keyed in that are first tried with a wrong one. */
  readonly mistyped: number;
  /** Of requests that arrive while the issuer is away, so that nothing is known about the account. */
  readonly unknownAccounts: number;
  /** Of purchases of games, music, rides and bets that are followed by some more of the same. */
  readonly binges: number;
  /** Of purchases online that are only the first contact of a card with an app: a verification or a small charge. */
  readonly enrolments: number;
  /** Of all transactions that are part of a rush on one shop. */
  readonly flashSales: number;
  /** Of purchases that go to one of a card's favourite merchants. */
  readonly favourites: number;
  /** Of all transactions that are subscriptions. */
  readonly subscriptions: number;
  /** Of requests that are declined, by channel. */
  readonly declined: {
    readonly ecom: number;
    readonly pos: number;
    readonly atm: number;
    readonly moto: number;
    readonly recurring: number;
  };
}

/** The habits of a world where nothing else is said. */
export const usualHabits: Habits = {
  travelling: 0.03,
  commuters: 0.12,
  vpnUsers: 0.04,
  vpnUse: 0.25,
  ipv6Homes: 0.4,
  households: 0.35,
  mobile: 0.12,
  otherDevice: 0.035,
  remote: 0.06,
  refunds: 0.012,
  lostCards: 0.06,
  retried: 0.3,
  declinedAgain: 0.45,
  mistyped: 0.008,
  unknownAccounts: 0.012,
  binges: 0.03,
  enrolments: 0.015,
  flashSales: 0.005,
  favourites: 0.7,
  subscriptions: 0.08,
  declined: { ecom: 0.045, pos: 0.02, atm: 0.03, moto: 0.04, recurring: 0.08 },
};

/** Habits that differ from the usual ones. */
export type HabitSettings = Partial<Omit<Habits, 'declined'>> & {
  readonly declined?: Partial<Habits['declined']>;
};

/** The usual habits with some changed. Errors: throws `usage` for one that is unknown or no share. */
export function habitsOf(changed: HabitSettings): Habits {
  const { declined = {}, ...others } = changed;
  checkShares('habits', others, usualHabits);
  checkShares('habits.declined', declined, usualHabits.declined);
  return { ...usualHabits, ...others, declined: { ...usualHabits.declined, ...declined } };
}

function checkShares(path: string, changed: object, known: object): void {
  for (const [name, value] of Object.entries(changed)) {
    if (!Object.hasOwn(known, name)) {
      const names = Object.keys(known).join(', ');
      throw new FraudstreamError('usage', `${path}.${name} is unknown: there are ${names}.`);
    }
    if (typeof value === 'number' && value >= 0 && value <= 1) continue;
    throw new FraudstreamError(
      'usage',
      `${path}.${name} is ${JSON.stringify(value)}: give a share from 0 to 1.`,
    );
  }
}
