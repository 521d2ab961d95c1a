import type { Random } from '../numbers/random.ts';
import { cardProducts } from '../population/cards.ts';
import { countries } from '../population/countries.ts';
import {
  avs,
  channel,
  channels,
  cvv,
  entryMode,
  response,
  type TransactionDraft,
  threeDs,
} from '../simulation/draft.ts';
import type { Scene } from '../simulation/scene.ts';
import type { Habits } from './habits.ts';

/** Where the ECIs of a brand begin in the list of ECIs: Visa's way or Mastercard's. */
const firstEci = Uint8Array.from(cardProducts, ({ brand }) => (brand === 'mastercard' ? 4 : 1));
const asksForTwoFactors = countries.map((country) => country.asksForTwoFactors);
const checksAddresses = countries.map((country) => country.checksAddresses);

/** How the cardholder was recognised, as it is for a genuine one. Shares are constants of this model. */
export function verify(draft: TransactionDraft, scene: Scene, random: Random): void {
  switch (draft.channel) {
    case channel.pos:
      draft.entryMode = posEntryMode(random.unit());
      return;
    case channel.atm:
      draft.entryMode = random.chance(0.96) ? entryMode.chip : entryMode.stripe;
      return;
    case channel.recurring:
      draft.entryMode = entryMode.onFile;
      return;
    case channel.moto:
      draft.entryMode = entryMode.keyed;
      break;
    default:
      draft.entryMode = random.chance(0.7) ? entryMode.ecom : entryMode.onFile;
      setThreeDs(draft, genuineThreeDs(random.unit(), homeOf(draft, scene)), scene);
  }
  setAvs(draft, genuineAvs(random.unit()), scene);
  if (draft.entryMode !== entryMode.onFile) draft.cvv = genuineCvv(random.unit());
}

/** Sets the result of 3-D Secure and the ECI that follows from it. */
export function setThreeDs(draft: TransactionDraft, result: number, scene: Scene): void {
  draft.threeDs = result;
  const isAuthenticated = result === threeDs.frictionless || result === threeDs.challenge;
  const first = firstEci[scene.cards.product[draft.card] as number] as number;
  draft.eci = first + (isAuthenticated ? 0 : 2);
}

/** Sets the result of the address check where the card's country has one. */
export function setAvs(draft: TransactionDraft, result: number, scene: Scene): void {
  if (checksAddresses[homeOf(draft, scene)]) draft.avs = result;
}

function homeOf(draft: TransactionDraft, scene: Scene): number {
  return scene.cards.country[draft.card] as number;
}

function posEntryMode(unit: number): number {
  if (unit < 0.62) return entryMode.contactless;
  if (unit < 0.95) return entryMode.chip;
  return unit < 0.99 ? entryMode.stripe : entryMode.fallback;
}

function genuineThreeDs(unit: number, home: number): number {
  const noneShare = asksForTwoFactors[home] ? 0.25 : 0.85;
  if (unit < noneShare) return threeDs.none;
  const rest = (unit - noneShare) / (1 - noneShare);
  if (rest < 0.7) return threeDs.frictionless;
  return rest < 0.97 ? threeDs.challenge : threeDs.failed;
}

function genuineAvs(unit: number): number {
  if (unit < 0.8) return avs.match;
  if (unit < 0.85) return avs.address;
  if (unit < 0.91) return avs.zip;
  return unit < 0.98 ? avs.mismatch : avs.unavailable;
}

function genuineCvv(unit: number): number {
  if (unit < 0.95) return cvv.match;
  return unit < 0.965 ? cvv.mismatch : cvv.unavailable;
}

/** Percent of the reasons, in the order of the list of responses. */
const REASONS = [0, 40, 29, 8, 6, 5, 4, 4, 4];

/** The issuer's answer to a genuine request. */
export function authorise(draft: TransactionDraft, { declined }: Habits, random: Random): void {
  if (random.chance(declined[channels[draft.channel] ?? 'ecom'])) decline(draft, random);
}

/** A refusal, for one of the usual reasons. */
export function decline(draft: TransactionDraft, random: Random): void {
  let left = random.below(100);
  draft.response = response.doNotHonour;
  for (let reason = 1; reason < REASONS.length; reason += 1) {
    left -= REASONS[reason] as number;
    if (left >= 0) continue;
    draft.response = reason;
    return;
  }
}
