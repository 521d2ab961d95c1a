import { addressKinds } from '../addresses/address-space.ts';
import { exp } from '../numbers/exact-math.ts';
import type { Draft } from '../simulation/draft.ts';
import { anyPlace } from '../simulation/scene.ts';
import { onlineMerchant } from '../spending/shopping.ts';
import { setOwnDevice, whereabouts } from '../spending/whereabouts.ts';
import { type Hideout, setForeignDevice } from './hideout.ts';
import type { Crime } from './scenario.ts';

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
  hide(draft: Draft): void;
}

/** A tester of shops in a country. */
export function tester(place: number, crime: Crime): Tester {
  const { scene, random, numbers } = crime;
  const shop = onlineMerchant(place, scene, random);
  const isPatient = random.chance(PATIENT);
  const isRoaming = isPatient || random.chance(ROAMING);
  const isRotating = isPatient || random.chance(ROTATING);
  const hosted = isPatient ? HOSTED.patient : HOSTED.hasty;
  const isPosing = isPatient && random.chance(POSING);
  const exits = Array.from({ length: 1 + random.below(5) }, () => exit(place, hosted, crime));
  let tries = 0;
  const pace = (isPatient ? PATIENCE : 1) * exp(PACE_SIGMA * random.normal());
  return {
    meanGapMs: Math.min(LONGEST_GAP_MS, numbers.meanGapMs * pace),
    isPatient,
    merchant: () => (isRoaming ? onlineMerchant(place, scene, random) : shop),
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
function exit(place: number, hosted: number, { scene, random }: Crime): Hideout {
  const draw = random.bits();
  if (random.chance(hosted)) {
    return { country: anyPlace(scene, random.bits()), kind: addressKinds.hosting, draw };
  }
  return { country: place, kind: addressKinds.consumer, draw };
}
