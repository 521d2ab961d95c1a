/**
 * A transaction in numbers, before anything is written out; one object is used again and again.
 *
 * Units: `atMs` epoch milliseconds; `amount` and `billing` minor units of the currencies of merchant
 * and card. Codes are places in the lists of codes.ts. No address: `ip4` 0 and `net6` 0; `net6` the
 * first 48 bits, `subnet6` the next 16, `host6` what the last 64 are made from.
 * A device is named by its owner (a card, or a fraudster's campaign) and a number.
 */
export class Draft {
  sequence = 0;
  atMs = 0;
  card = 0;
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
    this.scenario = 0;
  }

  /** A draft with the same contents. */
  copy(): Draft {
    return Object.assign(new Draft(), this);
  }

  /** Takes over everything but the place in the stream. */
  repeat(other: Draft): void {
    const { sequence, atMs } = this;
    Object.assign(this, other, { sequence, atMs });
  }
}
