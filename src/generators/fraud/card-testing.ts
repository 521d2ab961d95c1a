import { addressKinds } from '../addresses/address-space.ts';
import { exp } from '../numbers/exact-math.ts';
import type { Random } from '../numbers/random.ts';
import { regionOfCity } from '../population/cities.ts';
import { response, type TransactionDraft } from '../simulation/draft.ts';
import type { Actor } from '../simulation/event-queue.ts';
import { randomCountry } from '../simulation/scene.ts';
import { decline, refuseUnverified } from '../spending/authorisation.ts';
import { setVerification } from '../spending/genuine.ts';
import { setPrice, setUsualPrice } from '../spending/pricing.ts';
import { onlineMerchant } from '../spending/shopping.ts';
import { setOwnDevice, whereabouts } from '../spending/whereabouts.ts';
import { cardNotPresent } from './card-not-present-fraud.ts';
import { type Hideout, payOnline, setForeignDevice } from './fraudulent-payment.ts';
import {
  type Crime,
  length,
  meanLength,
  type Numbers,
  type Scenario,
  spree,
  victim,
} from './scenario.ts';

/** Testers differ: sigma of the lognormal factor on their waits. */
const PACE_SIGMA = 1.6;
/** Share of testers who use a new address for each try, and of those who change shops. */
const ROTATING = 0.5;
const ROAMING = 0.4;
/** Share of the patient who have bought, with the numbers, the prints of the customers' own devices. */
const POSING = 0.55;
/** Share of testers who are patient, and how much longer they wait. */
const PATIENT = 0.34;
const PATIENCE = 30;
const LONGEST_GAP_MS = 1_800_000;
/** Share of the addresses that are of hosted servers, for the patient and for others. */
const HOSTED = { patient: 0.08, hasty: 0.4 };

/** Somebody who tries card numbers by a program: how fast, where, and from which addresses. */
export interface Tester {
  readonly meanGapMs: number;
  /** Patient ones hide among shops, addresses, hours and prices. */
  readonly isPatient: boolean;
  /** The shop of the next try. */
  merchant(): number;
  /** A device of its own for each try, and one of the tester's addresses. */
  hide(draft: TransactionDraft): void;
}

/** A tester of shops in a country. */
export function tester(country: number, crime: Crime): Tester {
  const { scene, random, numbers } = crime;
  const shop = onlineMerchant(country, scene, random);
  const isPatient = random.chance(PATIENT);
  const isRoaming = isPatient || random.chance(ROAMING);
  const isRotating = isPatient || random.chance(ROTATING);
  const hosted = isPatient ? HOSTED.patient : HOSTED.hasty;
  const isPosing = isPatient && random.chance(POSING);
  const exits = Array.from({ length: 1 + random.below(5) }, () => exit(country, hosted, crime));
  let tries = 0;
  const pace = (isPatient ? PATIENCE : 1) * exp(PACE_SIGMA * random.normal());
  return {
    meanGapMs: Math.min(LONGEST_GAP_MS, numbers.meanGapMs * pace),
    isPatient,
    merchant: () => (isRoaming ? onlineMerchant(country, scene, random) : shop),
    hide(draft) {
      if (isPosing) {
        const where = whereabouts(draft.card, draft.atMs, scene);
        setOwnDevice(draft, where, scene, random);
        return;
      }
      const known = exits[random.below(exits.length)] as Hideout;
      // Who buys addresses buys those of the card's country.
      const home = scene.cards.country[draft.card] as number;
      setForeignDevice(draft, isRotating ? exit(home, hosted, crime) : known, tries, crime);
      tries += 1;
    },
  };
}

/** A hosted server anywhere, or somebody's line in a country. */
function exit(country: number, hosted: number, { scene, random }: Crime): Hideout {
  const draw = random.bits();
  if (random.chance(hosted)) {
    return { country: randomCountry(scene, random.bits()), kind: addressKinds.hosting, draw };
  }
  return { country, kind: addressKinds.consumer, draw };
}

const BIN_ATTACK_KNOWLEDGE = {
  onFile: 0,
  address: 0.5,
  code: 0.7,
  frictionless: 0.6,
  challenged: 0,
};
const DOLLARS = 3;
/** What a patient guesser pays of the usual price. */
const PATIENT_FACTOR = 0.7;
/** Share of guessed numbers that no card has: the patient know where cards are dense. */
const UNKNOWN = { patient: 0.08, hasty: 0.4 };

/** BIN attack: card numbers counted up within one BIN; many of them are nobody's. */
export const binAttack: Scenario = {
  name: 'bin_attack',
  numbers: {
    share: 0.05,
    least: 10,
    most: 30,
    meanGapMs: 10_000,
    declined: 0.5,
    cheapest: 1,
    dearest: 1,
  },
  meanMarked: meanLength,
  begin(crime: Crime): Actor {
    const { scene, random, numbers, campaign } = crime;
    const bin = usualVictim(crime);
    const { meanGapMs, isPatient, merchant, hide } = tester(
      scene.cards.country[bin] as number,
      crime,
    );
    const unknown = isPatient ? UNKNOWN.patient : UNKNOWN.hasty;
    let last4 = random.below(10_000);
    const plot = spree(length(crime), meanGapMs, random, (draft) => {
      const isUnknown = random.chance(unknown);
      const hit = isUnknown ? -1 : cardOfBin(bin, crime);
      const setAmount = small(draft, isPatient, crime);
      payOnline(draft, hit < 0 ? bin : hit, merchant(), BIN_ATTACK_KNOWLEDGE, setAmount, crime);
      hide(draft);
      if (hit < 0) {
        draft.guess(campaign + 1, last4);
        draft.response = random.chance(0.85) ? response.invalidNumber : response.doNotHonour;
      } else if (random.chance(numbers.declined)) draft.response = response.expired;
      else refuseUnverified(draft, scene, random);
      last4 = (last4 + 1) % 10_000;
    });
    return crime.mark(plot);
  },
};

/** A card whose BIN many others have: whoever counts numbers up does it where there are some. */
function usualVictim(crime: Crime): number {
  const { product } = crime.scene.cards;
  const some = Array.from({ length: SAMPLED }, () => victim(crime));
  const alike = (card: number): number =>
    some.filter((other) => product[other] === product[card]).length;
  return some.reduce((best, card) => (alike(card) > alike(best) ? card : best));
}

const SAMPLED = 24;

/** A card whose number begins as another's does; -1 where none was found. */
function cardOfBin(like: number, { scene, random, cards, startAt }: Crime): number {
  const { product, city } = scene.cards;
  const region = regionOfCity[city[like] as number] as number;
  for (let tries = 0; tries < BIN_TRIES; tries += 1) {
    const card = cards.pickIn(region, random);
    const isLive = !cards.statuses.isOut(card, startAt);
    if (product[card] === product[like] && isLive) return card;
  }
  return -1;
}

const BIN_TRIES = 40;

/** A small price, or what a patient tester pays: something near the usual. */
function small(draft: TransactionDraft, isPatient: boolean, { scene, random }: Crime): () => void {
  return () => {
    if (isPatient) setUsualPrice(draft, PATIENT_FACTOR, scene, random);
    else setPrice(draft, DOLLARS * exp(random.normal()), 'exact', scene);
  };
}

const HOUR_MS = 3_600_000;
const CARD_TESTING_KNOWLEDGE = {
  onFile: 0,
  address: 0.85,
  code: 0.95,
  frictionless: 0.7,
  challenged: 0,
};
/** Share of tries that ask for nothing but whether the account exists. */
const VERIFIED = 0.3;
/** Who is patient has better lists: so much fewer are declined. */
const PATIENT_DECLINED = 0.6;
const OLD = 0.2;
/** Share of lists that are tried at shops of another country. */
const TESTED_ABROAD = 0.4;
/** What the issuer says to such a number. */
const REFUSALS = [response.doNotHonour, response.expired];
/** Share of the live cards that are used in earnest later, one to three times. */
const CASHED = 0.05;
const MEAN_PURCHASES = 2;

/** Card testing: a list of card numbers tried at one shop within minutes, for small amounts. */
export const cardTesting: Scenario = {
  name: 'card_testing',
  numbers: {
    share: 0.13,
    least: 10,
    most: 40,
    meanGapMs: 8000,
    declined: 0.6,
    cheapest: 1,
    dearest: 1,
  },
  meanMarked: (numbers: Numbers) =>
    meanLength(numbers) * (1 + (1 - numbers.declined) * CASHED * MEAN_PURCHASES),
  leadMs: 4 * 24 * HOUR_MS,
  begin(crime: Crime): Actor {
    const { scene, random, numbers } = crime;
    const own = scene.cards.country[victim(crime)] as number;
    const country = random.chance(TESTED_ABROAD) ? randomCountry(scene, random.bits()) : own;
    const { meanGapMs, isPatient, merchant, hide } = tester(country, crime);
    const times = length(crime);
    const plot = spree(times, meanGapMs, random, (draft, atMs, _, eventQueue) => {
      const card = victim(crime);
      const setAmount = small(draft, isPatient, crime);
      payOnline(draft, card, merchant(), CARD_TESTING_KNOWLEDGE, setAmount, crime);
      hide(draft);
      if (random.chance(VERIFIED)) setVerification(draft, scene);
      if (random.chance(numbers.declined * (isPatient ? PATIENT_DECLINED : 1))) {
        refuse(draft, random);
      } else if (random.chance(CASHED)) {
        const use = cardNotPresent(card, 1 + random.below(3), inEarnest(crime));
        eventQueue.add(crime.mark(use), atMs + HOUR_MS * (1 + 71 * random.unit()));
      } else refuseUnverified(draft, scene, random);
    });
    return crime.mark(plot);
  },
};

/** A refusal, often because the number is an old one. */
function refuse(draft: TransactionDraft, random: Random): void {
  decline(draft, random);
  if (random.chance(OLD)) draft.response = REFUSALS[random.below(REFUSALS.length)] as number;
}

/** The crime when the tested card is used to buy something. */
function inEarnest(crime: Crime): Crime {
  const numbers = { ...crime.numbers, declined: 0.25, cheapest: 0.8, dearest: 2.6 };
  return { ...crime, numbers: { ...numbers, meanGapMs: HOUR_MS } };
}
