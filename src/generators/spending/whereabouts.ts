import { type AddressKind, addressKinds } from '../addresses/address-space.ts';
import type { Random } from '../numbers/random.ts';
import { hash, unitOf } from '../numbers/random.ts';
import { householdOf } from '../population/cards.ts';
import type { TransactionDraft } from '../simulation/draft.ts';
import { randomCountry, type Scene } from '../simulation/scene.ts';

const WEEK_MS = 604_800_000;
const DAY_MS = 86_400_000;
const STAY_MS = DAY_MS / 16;
/** Share of VPN exits that stand in ordinary hosting centres. */
const VPN_HOSTED = 0.6;
/** Share of purchases from another host of the network than the usual. */
const MOVED = 0.25;
/** A phone lasts this long. */
const DEVICE_DAYS = 900;
/** Gateways of mobile operators that many customers of a country share. */
const MOBILE_GATEWAYS = 256;
/** Salts: what a hash of a card is asked for. */
const salt = {
  trip: 11,
  destination: 12,
  vpn: 13,
  home: 14,
  ipv6: 15,
  phone: 16,
  laptop: 17,
  border: 18,
};

/**
 * The country a card is in: home, but for some weeks, and for those who live near a border.
 *
 * It is a hash of card and time, no memory.
 */
export function whereabouts(card: number, atMs: number, scene: Scene): number {
  const home = scene.cards.country[card] as number;
  const week = Math.floor(atMs / WEEK_MS);
  if (unitOf(hash(scene.key ^ salt.border, card, 0)) < scene.habits.commuters) {
    const stay = Math.floor(atMs / STAY_MS);
    const isBeyond = unitOf(hash(scene.key ^ salt.border, card, stay)) < 1 / 3;
    return isBeyond ? randomCountry(scene, hash(scene.key ^ salt.border, card, -1)) : home;
  }
  if (unitOf(hash(scene.key ^ salt.trip, card, week)) >= scene.habits.travelling) return home;
  return randomCountry(scene, hash(scene.key ^ salt.destination, card, week));
}

/** The customer's own device, and the address it has where the customer is. */
export function setOwnDevice(
  draft: TransactionDraft,
  country: number,
  scene: Scene,
  random: Random,
): void {
  setDevice(draft, scene, random);
  const isVpnUser = unitOf(hash(scene.key ^ salt.vpn, draft.card, 0)) < scene.habits.vpnUsers;
  if (isVpnUser && random.chance(scene.habits.vpnUse)) {
    const exit = randomCountry(scene, random.bits());
    const kind = random.chance(VPN_HOSTED) ? addressKinds.hosting : addressKinds.anonymiser;
    setAddress(draft, exit, kind, random.bits(), scene);
    return;
  }
  if (random.chance(scene.habits.mobile)) setMobile(draft, country, scene, random);
  else setHome(draft, country, random.chance(MOVED), scene, random);
}

/** An address of a country, the same for the same draw. */
export function setAddress(
  draft: TransactionDraft,
  country: number,
  kind: AddressKind,
  draw: number,
  scene: Scene,
): void {
  draft.ip4 = scene.addresses.v4(country, kind, draw);
}

/** A device that the card has not been seen with. */
export function setNewDevice(draft: TransactionDraft, scene: Scene, random: Random): void {
  setDeviceNumber(draft, -1 - random.below(1 << 30), scene);
}

function setDevice(draft: TransactionDraft, scene: Scene, random: Random): void {
  if (random.chance(scene.habits.otherDevice)) {
    setNewDevice(draft, scene, random);
    return;
  }
  const isLaptop = random.chance(0.3);
  const offset = unitOf(hash(scene.key ^ salt.phone, draft.card, 0)) * DEVICE_DAYS;
  const generation = Math.floor((draft.atMs / DAY_MS + offset) / DEVICE_DAYS);
  setDeviceNumber(draft, generation * 2 + (isLaptop ? 1 : 0), scene);
}

function setDeviceNumber(draft: TransactionDraft, number: number, scene: Scene): void {
  draft.hasDevice = true;
  draft.deviceOwner = draft.card;
  draft.deviceNumber = number;
  draft.userAgent = userAgentOf(hash(scene.key ^ salt.laptop, draft.card, number));
}

/** What a device shows itself as: one of the list of user agents, by usual shares. */
export function userAgentOf(draw: number): number {
  const percent = unitOf(draw) * 100;
  let last = 0;
  for (let agent = 1; agent < USER_AGENTS.length; agent += 1) {
    last += USER_AGENTS[agent] as number;
    if (percent < last) return agent;
  }
  return USER_AGENTS.length - 1;
}
/** Percent, in the order of the list of user agents. */
const USER_AGENTS = [0, 38, 25, 22, 4, 5, 3, 3];

/** The line of a household; providers move customers within a network, and computers choose new hosts. */
function setHome(
  draft: TransactionDraft,
  country: number,
  hasMoved: boolean,
  scene: Scene,
  random: Random,
): void {
  const household = householdOf(draft.card, scene);
  const draw = hash(scene.key ^ salt.home, household, country);
  if (unitOf(hash(scene.key ^ salt.ipv6, household, country)) < scene.habits.ipv6Homes) {
    draft.net6 = scene.addresses.v6(country, addressKinds.consumer, draw);
    draft.subnet6 = (draw & 0xffff) | 1;
    const day = Math.floor(draft.atMs / DAY_MS);
    draft.host6 = hash(draw, day, hasMoved ? 1 : 0);
    return;
  }
  const home = scene.addresses.v4(country, addressKinds.consumer, draw);
  const size = scene.addresses.v4NetworkSize;
  draft.ip4 = hasMoved ? home - (home & (size - 1)) + random.below(size) : home;
}

function setMobile(draft: TransactionDraft, country: number, scene: Scene, random: Random): void {
  const gateway = hash(scene.key ^ salt.home, country, random.below(MOBILE_GATEWAYS));
  setAddress(draft, country, addressKinds.mobile, gateway, scene);
}
