import { hash } from '../numbers/hash.ts';
import type { Random } from '../numbers/random.ts';
import { merchantCategories } from '../population/merchant-categories.ts';
import { channel } from '../simulation/codes.ts';
import type { Draft } from '../simulation/draft.ts';
import type { Scene } from '../simulation/scene.ts';

/** A card has this many favourite merchants in a country, and goes there so often. */
const FAVOURITES = 12;
const FAVOURITE_SHARE = 0.7;
const FAVOURITE_SALT = 21;
/** The channel of each category for each percent of a draw. */
const channelOf = merchantCategories.map(({ mix }) =>
  Uint8Array.from(mix.flatMap((percent, place) => Array.from({ length: percent }, () => place))),
);

/** A merchant of a country for a card: mostly one of its favourites, else any, the popular first. */
export function merchantFor(card: number, country: number, scene: Scene, random: Random): number {
  const unit = random.unit() / FAVOURITE_SHARE;
  if (unit >= 1) return anyMerchant(country, scene, random);
  // The square: the first favourites are visited more often than the last.
  const slot = Math.floor(FAVOURITES * unit * unit);
  const draw = hash(scene.key ^ FAVOURITE_SALT, card, country * FAVOURITES + slot);
  return merchantAt(country, draw, scene);
}

/** Any merchant of a country, the popular first. */
export function anyMerchant(country: number, scene: Scene, random: Random): number {
  return merchantAt(country, random.bits(), scene);
}

/** Any merchant of a country that sells online; after some tries in vain, any at all. */
export function onlineMerchant(country: number, scene: Scene, random: Random): number {
  return merchantWith(channel.ecom, country, scene, random);
}

/** Any merchant of a country with a shop to walk into; after some tries in vain, any at all. */
export function shopMerchant(country: number, scene: Scene, random: Random): number {
  return merchantWith(channel.pos, country, scene, random);
}

export function sellsOnline(merchant: number, scene: Scene): boolean {
  return hasChannel(merchant, channel.ecom, scene);
}

/** A channel as customers of the merchant's category use it. */
export function usualChannel(draft: Draft, scene: Scene, random: Random): number {
  const category = scene.merchants.category[draft.merchant] as number;
  return channelOf[category]?.[random.below(100)] ?? channel.ecom;
}

function merchantAt(country: number, draw: number, scene: Scene): number {
  const { inCountry, popularity } = scene.merchants;
  return inCountry[country]?.[popularity[country]?.pick(draw) ?? 0] ?? 0;
}

function merchantWith(used: number, country: number, scene: Scene, random: Random): number {
  let merchant = anyMerchant(country, scene, random);
  for (let tries = 0; tries < 20 && !hasChannel(merchant, used, scene); tries += 1) {
    merchant = anyMerchant(country, scene, random);
  }
  return merchant;
}

function hasChannel(merchant: number, used: number, scene: Scene): boolean {
  const category = merchantCategories[scene.merchants.category[merchant] as number];
  return (category?.mix[used] ?? 0) > 0;
}
