import type { Random } from '../numbers/random.ts';
import { hash, unitOf } from '../numbers/random.ts';
import { merchantCategories, shopIn } from '../population/merchants.ts';
import type { TransactionDraft } from '../simulation/draft.ts';
import { channel } from '../simulation/draft.ts';
import type { Scene } from '../simulation/scene.ts';

/** A card has this many favourite merchants in a country. */
const FAVOURITES = 12;
const FAVOURITE_SALT = 21;
const TRIES = 20;
/** The channels of each category, each as often as it is used; subscriptions are not chosen here. */
const channelOf = merchantCategories.map(({ mix }) =>
  Uint8Array.from(
    mix.flatMap((percent, index) =>
      index === channel.recurring ? [] : Array.from({ length: percent }, () => index),
    ),
  ),
);

/** A world, and chance. */
export interface Chance {
  readonly scene: Scene;
  readonly random: Random;
}

/** A merchant of a country for a card: mostly one of its favourites, else any, the popular first. */
export function merchantFor(card: number, country: number, scene: Scene, random: Random): number {
  const unit = random.unit() / scene.habits.favourites;
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

/** A merchant that is paid each month. */
export function subscribedMerchant(country: number, { scene, random }: Chance): number {
  const { inCountry, subscribed } = scene.merchants;
  return inCountry[country]?.[subscribed[country]?.pick(random.bits()) ?? 0] ?? 0;
}

/** A merchant for a card with a channel; after some tries in vain, any at all. */
export function favourite(
  used: number,
  card: number,
  country: number,
  { scene, random }: Chance,
): number {
  let merchant = merchantFor(card, country, scene, random);
  for (let tries = 0; tries < TRIES && !hasChannel(merchant, used, scene); tries += 1) {
    merchant = merchantFor(card, country, scene, random);
  }
  return merchant;
}

/** A merchant of one of the categories that sells online; after some tries in vain, any that does. */
export function merchantOf(
  mccs: readonly string[],
  country: number,
  scene: Scene,
  random: Random,
): number {
  let merchant = onlineMerchant(country, scene, random);
  for (let tries = 0; tries < 2 * TRIES && !mccs.includes(mccOf(merchant, scene)); tries += 1) {
    merchant = onlineMerchant(country, scene, random);
  }
  return merchant;
}

/** Any merchant of a country that sells online; after some tries in vain, any at all. */
export function onlineMerchant(country: number, scene: Scene, random: Random): number {
  return merchantWith(channel.ecom, country, scene, random);
}

/** Any merchant of a country with a shop to walk into; after some tries in vain, any at all. */
export function shopMerchant(country: number, scene: Scene, random: Random): number {
  return merchantWith(channel.pos, country, scene, random);
}

/** A bank with a cash machine in a country; -1 where there is none. */
export function cashMachine(country: number, { scene, random }: Chance): number {
  const list = scene.merchants.cashMachines[country] ?? [];
  const unit = random.unit();
  return list[Math.floor(list.length * unit * unit)] ?? -1;
}

/** A merchant of a country that takes orders by telephone; -1 where none was found. */
export function telephoneMerchant(country: number, { scene, random }: Chance): number {
  const merchant = merchantWith(channel.moto, country, scene, random);
  return hasChannel(merchant, channel.moto, scene) ? merchant : -1;
}

export function sellsOnline(merchant: number, scene: Scene): boolean {
  return hasChannel(merchant, channel.ecom, scene);
}

/** A channel as customers of the merchant's category use it. */
export function usualChannel(draft: TransactionDraft, scene: Scene, random: Random): number {
  const category = scene.merchants.category[draft.merchant] as number;
  const used = channelOf[category] as Uint8Array;
  return used[random.below(used.length)] ?? channel.ecom;
}

const SHOP_SALT = 22;
/** Share of visits to the shop that a customer mostly goes to, and to one of the customer's own city. */
const USUAL_SHOP = 0.75;
const OWN_CITY = 0.93;

/** The terminal of a purchase: in a shop near where the customer lives, as a rule, or one that takes payments online. */
export function setTerminal(draft: TransactionDraft, scene: Scene, random: Random): void {
  const { merchants, cards, key } = scene;
  const { card, merchant } = draft;
  const shops = merchants.shops[merchant] as number;
  const checkouts = merchants.checkouts[merchant] as number;
  if (draft.channel !== channel.pos && draft.channel !== channel.atm) {
    draft.terminal = shops * checkouts + random.below(merchants.online[merchant] as number);
    return;
  }
  let shop = -1;
  if (shops > 1) {
    const isHome = merchants.country[merchant] === cards.country[card] && random.chance(OWN_CITY);
    const isUsual = random.chance(USUAL_SHOP);
    const draw = isUsual ? hash(key ^ SHOP_SALT, card, merchant) : random.bits();
    if (isHome) shop = shopIn(cards.city[card] as number, merchant, unitOf(draw), merchants);
    if (shop < 0) shop = Math.floor(unitOf(draw) * shops);
  }
  draft.terminal = Math.max(0, shop) * checkouts + random.below(checkouts);
}

function merchantAt(country: number, draw: number, scene: Scene): number {
  const { inCountry, popularity } = scene.merchants;
  return inCountry[country]?.[popularity[country]?.pick(draw) ?? 0] ?? 0;
}

function merchantWith(used: number, country: number, scene: Scene, random: Random): number {
  let merchant = anyMerchant(country, scene, random);
  for (let tries = 0; tries < TRIES && !hasChannel(merchant, used, scene); tries += 1) {
    merchant = anyMerchant(country, scene, random);
  }
  return merchant;
}

function mccOf(merchant: number, scene: Scene): string {
  return merchantCategories[scene.merchants.category[merchant] as number]?.mcc ?? '';
}

function hasChannel(merchant: number, used: number, scene: Scene): boolean {
  const category = merchantCategories[scene.merchants.category[merchant] as number];
  return (category?.mix[used] ?? 0) > 0;
}
