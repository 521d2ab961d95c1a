import { type AddressKind, addressKinds } from '../addresses/address-space.ts';
import { hash, type Random } from '../numbers/random.ts';
import {
  avs,
  channel,
  cvm,
  cvv,
  entryMode,
  type TransactionDraft,
  threeDs,
  type,
} from '../simulation/draft.ts';
import { randomCountry, type Scene } from '../simulation/scene.ts';
import {
  isAboveLimit,
  isAsked,
  readAtMachine,
  setAvs,
  setThreeDs,
} from '../spending/authorisation.ts';
import { setPart, setUsualPrice } from '../spending/pricing.ts';
import {
  type Chance,
  cashMachine,
  setTerminal,
  shopMerchant,
  subscribedMerchant,
  telephoneMerchant,
} from '../spending/shopping.ts';
import { setAddress, setOwnDevice, userAgentOf, whereabouts } from '../spending/whereabouts.ts';
import { type Crime, dearness } from './scenario.ts';

/** Where a fraudster's traffic comes from, for the length of a campaign. */
export interface Hideout {
  readonly country: number;
  readonly kind: AddressKind;
  readonly draw: number;
}

/**
 * A hideout, as fraud on one card has it.
 *
 * Shares are constants of this model: hosting and VPN 35 %, a household's line in the victim's own
 * country 30 % (the hard case), a foreign line 30 %, an anonymiser 5 %.
 */
export function hideout(home: number, scene: Scene, random: Random): Hideout {
  const unit = random.unit();
  const elsewhere = randomCountry(scene, random.bits());
  const draw = random.bits();
  if (unit < 0.35) return { country: elsewhere, kind: addressKinds.hosting, draw };
  if (unit < 0.65) return { country: home, kind: addressKinds.consumer, draw };
  if (unit < 0.95) return { country: elsewhere, kind: addressKinds.consumer, draw };
  return { country: elsewhere, kind: addressKinds.anonymiser, draw };
}

/** Sets device and address of a purchase online; `isOwn` when they are the customer's. */
export interface Disguise {
  readonly isOwn: boolean;
  set(draft: TransactionDraft): void;
}

/**
 * A disguise for the length of a campaign on one card.
 *
 * `ownShare` of the campaigns come from the customer's own device and line: by malware, or from
 * within the family. Nothing about the connection tells these.
 */
export function disguise(card: number, from: Hideout, ownShare: number, crime: Crime): Disguise {
  const { scene, random, startAt } = crime;
  if (!random.chance(ownShare)) {
    return { isOwn: false, set: (draft) => setForeignDevice(draft, from, 0, crime) };
  }
  const where = whereabouts(card, startAt, scene);
  return { isOwn: true, set: (draft) => setOwnDevice(draft, where, scene, random) };
}

/** A device of the fraudster's, by number, and the address of a hideout. */
export function setForeignDevice(
  draft: TransactionDraft,
  from: Hideout,
  device: number,
  crime: Crime,
): void {
  draft.hasDevice = true;
  // Behind all cards, so that no customer owns it.
  draft.deviceOwner = crime.scene.cards.count + crime.campaign;
  draft.deviceNumber = device;
  draft.userAgent = userAgentOf(hash(crime.scene.key, crime.campaign, device + 1));
  setAddress(draft, from.country, from.kind, from.draw, crime.scene);
}

/** How well a stranger who pays online knows the card; shares from 0 to 1. */
export interface Knowledge {
  readonly onFile: number;
  readonly address: number;
  readonly code: number;
  /** Where 3-D Secure is asked for: so much passes without a challenge, so much with one; the rest fails. */
  readonly frictionless: number;
  readonly challenged: number;
}

/**
 * A stranger pays online with a card: what the checks of 3-D Secure, address and code say.
 *
 * `setAmount` sets the price when card, merchant and channel are known.
 */
export function payOnline(
  draft: TransactionDraft,
  card: number,
  merchant: number,
  known: Knowledge,
  setAmount: () => void,
  { scene, random }: Chance,
): void {
  draft.card = card;
  draft.channel = channel.ecom;
  draft.merchant = merchant;
  draft.entryMode = random.chance(known.onFile) ? entryMode.onFile : entryMode.ecom;
  setTerminal(draft, scene, random);
  setAmount();
  setThreeDs(draft, authentication(draft, known, { scene, random }), scene);
  setAvs(draft, random.chance(known.address) ? avs.match : avs.mismatch, scene);
  if (draft.entryMode === entryMode.ecom) setCode(draft, known, random);
}

function authentication(
  draft: TransactionDraft,
  { frictionless, challenged }: Knowledge,
  { scene, random }: Chance,
): number {
  if (!isAsked(draft, scene, random)) return threeDs.none;
  const unit = random.unit();
  if (unit < frictionless) return threeDs.frictionless;
  return unit < frictionless + challenged ? threeDs.challenge : threeDs.failed;
}

function setCode(draft: TransactionDraft, { code }: Knowledge, random: Random): void {
  draft.cvv = random.chance(code) ? cvv.match : cvv.mismatch;
}

/** A stranger orders by telephone; false where no shop of the country takes such orders. */
export function payByTelephone(
  draft: TransactionDraft,
  card: number,
  country: number,
  known: Knowledge,
  { scene, random, numbers }: Crime,
): boolean {
  const merchant = telephoneMerchant(country, { scene, random });
  if (merchant < 0) return false;
  draft.card = card;
  draft.channel = channel.moto;
  draft.merchant = merchant;
  draft.entryMode = entryMode.keyed;
  setTerminal(draft, scene, random);
  setUsualPrice(draft, dearness(numbers, random), scene, random);
  setAvs(draft, random.chance(known.address) ? avs.match : avs.mismatch, scene);
  setCode(draft, known, random);
  return true;
}

/** A subscription that a stranger took out with the card, charged by the merchant. */
export function payBySubscription(
  draft: TransactionDraft,
  card: number,
  country: number,
  { scene, random }: Crime,
): void {
  draft.card = card;
  draft.channel = channel.recurring;
  draft.merchant = subscribedMerchant(country, { scene, random });
  draft.entryMode = entryMode.onFile;
  setTerminal(draft, scene, random);
  setUsualPrice(draft, 1, scene, random);
}

/**
 * A purchase in a shop of a country with a card, or what passes for one; `stripe` its share of stripes.
 *
 * Who has no PIN holds the card to the terminal, for no more than it takes without.
 */
export function payInShop(
  draft: TransactionDraft,
  card: number,
  country: number,
  stripe: number,
  { scene, random, numbers }: Crime,
): void {
  draft.card = card;
  draft.channel = channel.pos;
  draft.merchant = shopMerchant(country, scene, random);
  setTerminal(draft, scene, random);
  setUsualPrice(draft, dearness(numbers, random), scene, random);
  if (random.chance(stripe)) {
    draft.entryMode = random.chance(0.85) ? entryMode.stripe : entryMode.fallback;
    draft.cvm = random.chance(0.5) ? cvm.signature : cvm.none;
    return;
  }
  draft.entryMode = entryMode.contactless;
  draft.cvm = cvm.none;
  while (isAboveLimit(draft, scene)) setPart(draft, 0.5 + 0.4 * random.unit(), draft.amount, scene);
}

/** Cash from a machine of a country with the card or a copy of its stripe; false where there is no machine. */
export function drawCash(
  draft: TransactionDraft,
  card: number,
  country: number,
  isCopy: boolean,
  { scene, random, numbers }: Crime,
): boolean {
  const merchant = cashMachine(country, { scene, random });
  if (merchant < 0) return false;
  draft.card = card;
  draft.channel = channel.atm;
  draft.type = type.cashAdvance;
  draft.merchant = merchant;
  setTerminal(draft, scene, random);
  setUsualPrice(draft, dearness(numbers, random), scene, random);
  readAtMachine(draft, scene, random);
  if (isCopy) draft.entryMode = entryMode.stripe;
  return true;
}
