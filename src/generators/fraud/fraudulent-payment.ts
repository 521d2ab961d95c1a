import { type AddressKind, addressKinds } from '../addresses/address-space.ts';
import { hash, type Random } from '../numbers/random.ts';
import {
  avs,
  channel,
  cvv,
  entryMode,
  type TransactionDraft,
  threeDs,
} from '../simulation/draft.ts';
import { randomCountry, type Scene } from '../simulation/scene.ts';
import { setAvs, setThreeDs } from '../spending/authorisation.ts';
import { setUsualPrice } from '../spending/pricing.ts';
import { shopMerchant } from '../spending/shopping.ts';
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
  /** 3-D Secure: of 1, so much is challenged and passed, so much failed; the rest was not asked for. */
  readonly challenged: number;
  readonly failed: number;
}

/** A stranger pays online with a card: what the checks of 3-D Secure, address and code say. */
export function payOnline(
  draft: TransactionDraft,
  card: number,
  merchant: number,
  known: Knowledge,
  { scene, random }: { readonly scene: Scene; readonly random: Random },
): void {
  draft.card = card;
  draft.channel = channel.ecom;
  draft.merchant = merchant;
  draft.entryMode = random.chance(known.onFile) ? entryMode.onFile : entryMode.ecom;
  const unit = random.unit();
  if (unit < known.challenged) setThreeDs(draft, threeDs.challenge, scene);
  else {
    setThreeDs(
      draft,
      unit < known.challenged + known.failed ? threeDs.failed : threeDs.none,
      scene,
    );
  }
  setAvs(draft, random.chance(known.address) ? avs.match : avs.mismatch, scene);
  if (draft.entryMode === entryMode.ecom) {
    draft.cvv = random.chance(known.code) ? cvv.match : cvv.mismatch;
  }
}

/** A purchase in a shop of a country with a card, or what passes for one; `stripe` its share of stripes. */
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
  draft.terminal = random.below(4);
  const read = random.chance(0.9) ? entryMode.stripe : entryMode.fallback;
  draft.entryMode = random.chance(stripe) ? read : entryMode.contactless;
  setUsualPrice(draft, dearness(numbers, random), scene, random);
}
