import { currencies } from '../../transactions/currency.ts';
import { exp } from '../numbers/exact-math.ts';
import { hash, type Random, unitOf } from '../numbers/random.ts';
import { countries } from '../population/countries.ts';
import { cardProducts } from '../population/issuers.ts';
import { merchantCategories } from '../population/merchants.ts';
import { channel, type TransactionDraft } from '../simulation/draft.ts';
import type { Scene } from '../simulation/scene.ts';

/** Minor units for one dollar, by country. */
const minorPerUsd = Float64Array.from(
  countries,
  ({ currency, unitsPerUsd }) => unitsPerUsd * 10 ** (currencies.get(currency) ?? 2),
);
/** What prices are multiples of, and how far below a round one others are, in minor units. */
const priceStep = Float64Array.from(countries, (country) => country.priceStep);
const charmStep = Float64Array.from(countries, (country) => country.charmStep);
/** What round prices are multiples of, in minor units: whole units, or a tenth of a note. */
const roundStep = Float64Array.from(countries, ({ currency, note }) => {
  const exponent = currencies.get(currency) ?? 2;
  return exponent > 0 ? 10 ** exponent : note / 10;
});
/** What a cash machine counts in, in minor units. */
const noteStep = Float64Array.from(
  countries,
  ({ currency, note }) => note * 10 ** (currencies.get(currency) ?? 2),
);
const minorOf = Float64Array.from(
  countries,
  ({ currency }) => 10 ** (currencies.get(currency) ?? 2),
);
/** Which currency a country has, as a number: countries with the same one share it. */
const currencyOf = Uint8Array.from(countries, ({ currency }) =>
  countries.findIndex((other) => other.currency === currency),
);

/** How a price is rounded: not at all, to whole units, to one below (9.99), to bank notes. */
export type Rounding = 'exact' | 'round' | 'charm' | 'notes';

/** Sets the amount in the merchant's currency and what the card is billed in its own. */
export function setPrice(
  draft: TransactionDraft,
  usd: number,
  rounding: Rounding,
  scene: Scene,
): void {
  const country = scene.merchants.country[draft.merchant] as number;
  const minor = usd * (minorPerUsd[country] as number);
  draft.amount = rounded(minor, rounding, country);
  setBilling(draft, scene);
}

/**
 * Sets what the card is billed in its own currency: at the rate of the day, with what its issuer adds.
 *
 * What is given back is converted anew, at the rate of its own day.
 */
export function setBilling(draft: TransactionDraft, scene: Scene): void {
  const country = scene.merchants.country[draft.merchant] as number;
  const home = scene.cards.country[draft.card] as number;
  if (draft.amount === 0 || currencyOf[country] === currencyOf[home]) {
    draft.billing = draft.amount;
    return;
  }
  const { rates, cards } = scene;
  const fee = cardProducts[cards.product[draft.card] as number]?.foreignFee ?? 0;
  const usd = draft.amount / (minorOf[country] as number) / rates.perUsd(country, draft.atMs);
  const billed = usd * rates.perUsd(home, draft.atMs) * (minorOf[home] as number) * (1 + fee);
  draft.billing = Math.max(1, Math.floor(billed + 0.5));
}

/** A part of an amount as shops of the merchant's country would name it, from 0 to 1. */
export function setPart(draft: TransactionDraft, part: number, of: number, scene: Scene): void {
  const country = scene.merchants.country[draft.merchant] as number;
  draft.amount = Math.min(of, rounded(of * part, 'exact', country));
  setBilling(draft, scene);
}

/** What a merchant's country has for some dollars, in minor units. */
export function minorOfUsd(usd: number, country: number): number {
  return usd * (minorPerUsd[country] as number);
}

function rounded(minor: number, rounding: Rounding, country: number): number {
  if (rounding === 'exact') {
    const least = priceStep[country] as number;
    return Math.max(1, Math.floor(minor / least + 0.5)) * least;
  }
  const step = (rounding === 'notes' ? noteStep : roundStep)[country] as number;
  const whole = Math.max(1, Math.floor(minor / step + 0.5)) * step;
  const charm = rounding === 'charm' ? (charmStep[country] as number) : 0;
  return whole > charm ? whole - charm : whole;
}

const SUBSCRIPTION_SALT = 31;

/**
 * A price as the merchant's category and the card's holder have it, times a factor.
 *
 * Lognormal. What a subscription costs hangs on card and merchant alone: the same each time.
 */
export function setUsualPrice(
  draft: TransactionDraft,
  factor: number,
  scene: Scene,
  random: Random,
): void {
  const category = merchantCategories[scene.merchants.category[draft.merchant] as number];
  const usdMedian = (category?.usdMedian ?? 0) * factor;
  if (draft.channel === channel.recurring) {
    const draw = hash(scene.key ^ SUBSCRIPTION_SALT, draft.card, draft.merchant);
    setPrice(draft, usdMedian * (0.5 + unitOf(draw)), 'charm', scene);
    return;
  }
  const spend = scene.cards.spend[draft.card] as number;
  const usd = usdMedian * spend * exp((category?.sigma ?? 0) * random.normal());
  setPrice(draft, usd, rounding(draft.channel, random.unit()), scene);
}

/** Cash comes in notes; a part of all prices is round, or looks cheaper than round. */
function rounding(used: number, unit: number): Rounding {
  if (used === channel.atm) return 'notes';
  if (used === channel.pos) return unit < 0.17 ? 'round' : 'exact';
  if (unit < 0.08) return 'round';
  return unit < 0.38 ? 'charm' : 'exact';
}
