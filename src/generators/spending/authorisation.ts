import type { Random } from '../numbers/random.ts';
import { unitOf } from '../numbers/random.ts';
import { countries } from '../population/countries.ts';
import { cardProducts } from '../population/issuers.ts';
import {
  avs,
  channel,
  channels,
  cvm,
  cvv,
  entryMode,
  response,
  type TransactionDraft,
  threeDs,
  type,
} from '../simulation/draft.ts';
import type { Scene } from '../simulation/scene.ts';
import type { Habits } from './habits.ts';
import { minorOfUsd } from './pricing.ts';

/** Where the ECIs of a brand begin in the list of ECIs: Visa's way or Mastercard's. */
const firstEci = Uint8Array.from(cardProducts, ({ brand }) => (brand === 'mastercard' ? 4 : 1));
const isVisa = cardProducts.map(({ brand }) => brand === 'visa');
const isDebit = cardProducts.map((product) => product.type !== 'credit');
const checksAddresses = countries.map((country) => country.checksAddresses);

/**
 * How the cardholder was recognised, as it is for a genuine one; the amount is known.
 *
 * Shares are constants of this model.
 */
export function verify(draft: TransactionDraft, scene: Scene, random: Random): void {
  switch (draft.channel) {
    case channel.pos:
      readInShop(draft, scene, random);
      return;
    case channel.atm:
      readAtMachine(draft, scene, random);
      return;
    case channel.recurring:
      draft.entryMode = entryMode.onFile;
      return;
    case channel.moto:
      draft.entryMode = entryMode.keyed;
      break;
    default:
      draft.entryMode = random.chance(0.7) ? entryMode.ecom : entryMode.onFile;
      setThreeDs(draft, genuineThreeDs(draft, scene, random), scene);
  }
  setAvs(draft, genuineAvs(random.unit()), scene);
  if (draft.entryMode !== entryMode.onFile) draft.cvv = genuineCvv(random.unit());
}

/** Share of phones among contactless payments, and of signatures among those of a stripe. */
const PHONES = 0.35;
const SIGNED = 0.5;

/** Reads a card in a shop: as that country's terminals do, and verified as its rules ask for the amount. */
function readInShop(draft: TransactionDraft, scene: Scene, random: Random): void {
  const country = countries[scene.merchants.country[draft.merchant] as number];
  if (!country) return;
  const percent = random.unit() * 100;
  if (percent < country.stripe) {
    draft.entryMode = percent < country.stripe * 0.85 ? entryMode.stripe : entryMode.fallback;
    draft.cvm = random.chance(SIGNED) ? cvm.signature : cvm.none;
    return;
  }
  if (percent < country.stripe + country.contactless) {
    draft.entryMode = entryMode.contactless;
    draft.cvm = random.chance(PHONES) ? cvm.device : cvm.none;
    if (draft.cvm === cvm.device || !isAboveLimit(draft, scene)) return;
  }
  // Above the limit the card is put into the terminal.
  draft.entryMode = entryMode.chip;
  draft.cvm = chipVerification(draft, scene, random);
}

/** At the terminal of a country with PINs, or with a debit card, by PIN; elsewhere by a signature, if at all. */
export function chipVerification(draft: TransactionDraft, scene: Scene, random: Random): number {
  const country = countries[scene.merchants.country[draft.merchant] as number];
  if (country?.asksForPin) return cvm.pin;
  const isByPin = isDebit[scene.cards.product[draft.card] as number] && random.chance(0.5);
  if (isByPin) return cvm.pin;
  return random.chance(0.2) ? cvm.signature : cvm.none;
}

/** True for an amount that a contactless card may not pay without its PIN where the merchant is. */
export function isAboveLimit(draft: TransactionDraft, scene: Scene): boolean {
  const limit = limits[scene.merchants.country[draft.merchant] as number] as number;
  return limit > 0 && draft.amount > limit;
}

/** In minor units. */
const limits = Float64Array.from(countries, ({ contactlessLimit, unitsPerUsd }, country) =>
  Math.floor((contactlessLimit * minorOfUsd(1, country)) / unitsPerUsd + 0.5),
);

/** Reads a card at a cash machine, with its PIN. */
export function readAtMachine(draft: TransactionDraft, scene: Scene, random: Random): void {
  const country = countries[scene.merchants.country[draft.merchant] as number];
  const isStripe = random.chance((country?.stripe ?? 0) / 200);
  draft.entryMode = isStripe ? entryMode.stripe : entryMode.chip;
  draft.cvm = cvm.pin;
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

/** Dollars from which a purchase is asked for more often; of those up to the first, between and above. */
const ASKED = {
  // Below 30 euros nobody need be asked, and up to 500 low risk may be an exemption.
  sca: { steps: [33, 109, 272, 545], shares: [0.12, 0.6, 0.75, 0.9, 0.99] },
  always: { steps: [33, 109, 272, 545], shares: [0.85, 0.9, 0.93, 0.95, 0.97] },
  risk: { steps: [33, 109, 272, 545], shares: [0.12, 0.2, 0.3, 0.4, 0.5] },
  rare: { steps: [33, 109, 272, 545], shares: [0.02, 0.04, 0.07, 0.1, 0.15] },
} as const;
/** A merchant abroad is under no such law. */
const ONE_LEG = 'risk';

/** Whether 3-D Secure is asked for: by the law of both countries, and by the amount. */
export function isAsked(draft: TransactionDraft, scene: Scene, random: Random): boolean {
  const shop = scene.merchants.country[draft.merchant] as number;
  const [own, there] = [countries[homeOf(draft, scene)], countries[shop]];
  const rule = own?.authentication ?? ONE_LEG;
  const isOneLeg = rule !== 'rare' && rule !== there?.authentication;
  const { steps, shares } = ASKED[isOneLeg ? ONE_LEG : rule];
  const dollars = draft.amount / minorOfUsd(1, shop);
  const step = steps.findIndex((least) => dollars < least);
  return unitOf(random.bits()) < (shares[step < 0 ? steps.length : step] as number);
}

function genuineThreeDs(draft: TransactionDraft, scene: Scene, random: Random): number {
  if (!isAsked(draft, scene, random)) return threeDs.none;
  const unit = random.unit();
  if (unit < 0.7) return threeDs.frictionless;
  return unit < 0.97 ? threeDs.challenge : threeDs.failed;
}

function genuineAvs(unit: number): number {
  if (unit < 0.8) return avs.match;
  if (unit < 0.85) return avs.address;
  if (unit < 0.91) return avs.zip;
  return unit < 0.98 ? avs.mismatch : avs.unavailable;
}

function genuineCvv(unit: number): number {
  if (unit < 0.945) return cvv.match;
  return unit < 0.972 ? cvv.mismatch : cvv.unavailable;
}

/** Percent of the reasons by channel, in the order of the list of responses up to a wrong PIN; R0 and R1 behind. */
const REASONS: Readonly<Record<(typeof channels)[number], readonly number[]>> = {
  ecom: [0, 40, 31, 5, 8, 0, 5, 6, 5, 0, 0, 0],
  pos: [0, 38, 16, 6, 5, 0, 7, 3, 6, 19, 0, 0],
  atm: [0, 33, 7, 16, 2, 0, 7, 2, 6, 27, 0, 0],
  moto: [0, 40, 31, 5, 8, 1, 4, 6, 5, 0, 0, 0],
  recurring: [0, 48, 19, 4, 10, 1, 4, 2, 4, 0, 3, 5],
};
const FIRST_OF_RECURRING = 10;

/** Share of refusals after a wrong verification value, and after 3-D Secure failed. */
const WRONG_CODE_REFUSED = 0.88;
const FAILED_REFUSED = 0.93;

/** The issuer's answer to a genuine request. */
export function authorise(
  draft: TransactionDraft,
  { declined }: Habits,
  scene: Scene,
  random: Random,
): void {
  if (random.chance(declined[channels[draft.channel] ?? 'ecom'])) decline(draft, random);
  else refuseUnverified(draft, scene, random);
}

/** Refuses, mostly, what the checks speak against; who knows them all is not refused. */
export function refuseUnverified(draft: TransactionDraft, scene: Scene, random: Random): void {
  if (draft.response !== response.approved) return;
  if (draft.cvv === cvv.mismatch && random.chance(WRONG_CODE_REFUSED)) {
    const isOfVisa = isVisa[scene.cards.product[draft.card] as number];
    draft.response = isOfVisa ? response.wrongCodeVisa : response.wrongCode;
  } else if (draft.threeDs === threeDs.failed && random.chance(FAILED_REFUSED)) {
    draft.response = random.chance(0.7) ? response.doNotHonour : response.suspicion;
  }
}

/** A refusal, for one of the usual reasons of the channel. */
export function decline(draft: TransactionDraft, random: Random): void {
  const reasons = REASONS[channels[draft.channel] ?? 'ecom'];
  let left = random.below(100);
  draft.response = response.doNotHonour;
  for (let reason = 1; reason < reasons.length; reason += 1) {
    left -= reasons[reason] as number;
    if (left >= 0) continue;
    setReason(draft, reason);
    return;
  }
}

function setReason(draft: TransactionDraft, reason: number): void {
  if (reason >= FIRST_OF_RECURRING) {
    draft.response = reason === FIRST_OF_RECURRING ? response.stopped : response.revoked;
  } else if (reason === response.wrongPin && draft.cvm !== cvm.pin) {
    // Nobody was asked for a PIN.
    draft.response = response.noFunds;
  } else if (reason === response.noFunds && draft.type === type.verification) {
    draft.response = response.doNotHonour;
  } else draft.response = reason;
}
