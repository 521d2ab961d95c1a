import { type AddressKind, addressKinds } from '../addresses/address-space.ts';
import { hash } from '../numbers/hash.ts';
import type { Random } from '../numbers/random.ts';
import type { Draft } from '../simulation/draft.ts';
import { anyPlace, type Scene } from '../simulation/scene.ts';
import { setAddress, setOwnDevice, userAgentOf, whereabouts } from '../spending/whereabouts.ts';
import type { Crime } from './scenario.ts';

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
  const elsewhere = anyPlace(scene, random.bits());
  const draw = random.bits();
  if (unit < 0.35) return { country: elsewhere, kind: addressKinds.hosting, draw };
  if (unit < 0.65) return { country: home, kind: addressKinds.consumer, draw };
  if (unit < 0.95) return { country: elsewhere, kind: addressKinds.consumer, draw };
  return { country: elsewhere, kind: addressKinds.anonymiser, draw };
}

/** Sets device and address of a purchase online; `isOwn` when they are the customer's. */
export interface Disguise {
  readonly isOwn: boolean;
  set(draft: Draft): void;
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
export function setForeignDevice(draft: Draft, from: Hideout, device: number, crime: Crime): void {
  draft.hasDevice = true;
  // Behind all cards, so that no customer owns it.
  draft.deviceOwner = crime.scene.cards.count + crime.campaign;
  draft.deviceNumber = device;
  draft.userAgent = userAgentOf(hash(crime.scene.key, crime.campaign, device + 1));
  setAddress(draft, from.country, from.kind, from.draw, crime.scene);
}
