/**
 * The words of a transaction, by the small numbers that stand for them inside the simulation.
 *
 * Where a list starts with null, 0 means that the field does not apply.
 * Source: ISO 8583:1987 field 22 for the entry modes, field 39 for the responses; EMVCo 3-D Secure
 * for the ECI.
 */
export const types = ['purchase', 'refund', 'auth_only', 'cash_advance'] as const;
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
/** Approved; no funds, do not honour, above limit, expired, invalid number, too often, suspicion, issuer away. */
export const responses = ['00', '51', '05', '61', '54', '14', '65', '59', '91'] as const;

export const type = { purchase: 0, refund: 1, authOnly: 2, cashAdvance: 3 } as const;
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
} as const;
