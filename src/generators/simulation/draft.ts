/** No other transaction. */
const NONE = -1;

/**
 * A transaction in numbers, before anything is written out; one object is used again and again.
 *
 * Units: `atMs` epoch milliseconds; `amount` and `billing` minor units of the currencies of merchant
 * and card. Codes are places in the lists of codes.ts. No address: `ip4` 0 and `net6` 0; `net6` the
 * first 48 bits, `subnet6` the next 16, `host6` what the last 64 are made from.
 * A device is named by its owner (a card, or a fraudster's campaign) and a number.
 */
export class TransactionDraft {
  sequence = 0;
  atMs = 0;
  card = 0;
  /** How often the card had been replaced by another when this one was made; below 0, the one in use. */
  reissue = NONE;
  /** Not 0: no card has this number, but for its first digits, and this is what it is known by. */
  stranger = 0;
  strangerLast4 = 0;
  /** Nothing is known about the account: the issuer is away, and somebody stands in. */
  isAccountUnknown = false;
  merchant = 0;
  terminal = 0;
  type = 0;
  channel = 0;
  amount = 0;
  billing = 0;
  entryMode = 0;
  ip4 = 0;
  net6 = 0;
  subnet6 = 0;
  host6 = 0;
  hasDevice = false;
  deviceOwner = 0;
  deviceNumber = 0;
  userAgent = 0;
  threeDs = 0;
  eci = 0;
  avs = 0;
  cvv = 0;
  response = 0;
  cvm = 0;
  /** The transaction that this one gives back, collects or releases, by its place in the stream; -1 for none. */
  original = NONE;
  /** Nothing happens after all. */
  isSkipped = false;
  /** Names of fraud scenarios start at 1; 0 is a genuine transaction. */
  scenario = 0;
  campaign = 0;
  reportedAtMs = 0;

  /** Makes the card one that nobody has: whoever guesses the same digits again meets the same stranger. */
  guess(guesser: number, last4: number): void {
    this.stranger = guesser;
    this.isAccountUnknown = true;
    this.strangerLast4 = last4;
  }

  /** Forgets what only some transactions set. */
  reset(): void {
    this.reissue = NONE;
    this.stranger = 0;
    this.isAccountUnknown = false;
    this.type = 0;
    this.terminal = 0;
    this.ip4 = 0;
    this.net6 = 0;
    this.hasDevice = false;
    this.userAgent = 0;
    this.threeDs = 0;
    this.eci = 0;
    this.avs = 0;
    this.cvv = 0;
    this.response = 0;
    this.cvm = 0;
    this.original = NONE;
    this.isSkipped = false;
    this.scenario = 0;
  }

  /** A draft with the same contents. */
  copy(): TransactionDraft {
    return Object.assign(new TransactionDraft(), this);
  }

  /** Takes over everything but the place in the stream. */
  repeat(other: TransactionDraft): void {
    const { sequence, atMs } = this;
    Object.assign(this, other, { sequence, atMs });
  }
}

/**
 * The words of a transaction, by the small numbers that stand for them inside the simulation.
 *
 * Where a list starts with null, 0 means that the field does not apply.
 * Source: ISO 8583:1987 field 22 for the entry modes, field 39 for the responses; EMVCo 3-D Secure
 * for the ECI.
 */
export const types = [
  'purchase',
  'refund',
  'auth_only',
  'cash_advance',
  'completion',
  'reversal',
  'verification',
] as const;
export const channels = ['ecom', 'pos', 'atm', 'moto', 'recurring'] as const;
/** Chip with PIN, contactless, magnetic stripe, fallback to it; e-commerce, on file, keyed in. */
export const entryModes = ['051', '071', '901', '801', '812', '102', '012'] as const;
export const userAgents = [
  null,
  'chrome',
  'safari',
  'app',
  'samsung_internet',
  'edge',
  'firefox',
  'other',
] as const;
export const threeDsResults = [null, 'none', 'frictionless', 'challenge', 'failed'] as const;
/** Authenticated, attempted, not authenticated: 05 06 07, for Mastercard 02 01 00. */
export const ecis = [null, '05', '06', '07', '02', '01', '00'] as const;
export const avsResults = [null, 'Y', 'A', 'Z', 'N', 'U'] as const;
export const cvvResults = [null, 'M', 'N', 'U'] as const;
/** How the cardholder was verified at a terminal. */
export const cvms = [null, 'none', 'signature', 'pin', 'device'] as const;
/**
 * Approved; no funds, do not honour, above limit, expired, invalid number, too often, suspicion, issuer away;
 * wrong PIN, reported lost, reported stolen, wrong card verification value (Visa's answer and the others'),
 * recurring payment stopped, all of them revoked.
 */
export const responses = [
  '00',
  '51',
  '05',
  '61',
  '54',
  '14',
  '65',
  '59',
  '91',
  '55',
  '41',
  '43',
  'N7',
  '82',
  'R0',
  'R1',
] as const;

export const type = {
  purchase: 0,
  refund: 1,
  authOnly: 2,
  cashAdvance: 3,
  completion: 4,
  reversal: 5,
  verification: 6,
} as const;
export const channel = { ecom: 0, pos: 1, atm: 2, moto: 3, recurring: 4 } as const;
export const entryMode = {
  chip: 0,
  contactless: 1,
  stripe: 2,
  fallback: 3,
  ecom: 4,
  onFile: 5,
  keyed: 6,
} as const;
export const threeDs = { none: 1, frictionless: 2, challenge: 3, failed: 4 } as const;
export const avs = { match: 1, address: 2, zip: 3, mismatch: 4, unavailable: 5 } as const;
export const cvv = { match: 1, mismatch: 2, unavailable: 3 } as const;
export const response = {
  approved: 0,
  noFunds: 1,
  doNotHonour: 2,
  aboveLimit: 3,
  expired: 4,
  invalidNumber: 5,
  tooOften: 6,
  suspicion: 7,
  issuerAway: 8,
  wrongPin: 9,
  lost: 10,
  stolen: 11,
  wrongCodeVisa: 12,
  wrongCode: 13,
  stopped: 14,
  revoked: 15,
} as const;
export const cvm = { none: 1, signature: 2, pin: 3, device: 4 } as const;
