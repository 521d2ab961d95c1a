import { transactionFieldFault } from '../../transactions/transaction.ts';
import type { PayloadField } from '../payload/field-format.ts';
import { type AmountShape, amountShape } from './amount-shape.ts';
import {
  amountNames,
  BILLING,
  type Certainty,
  COUNTRY,
  CURRENCY,
  cardNames,
  countryNames,
  fraudNames,
  IP,
  idNames,
  MINOR,
  type NameRanks,
  OTHER_AMOUNT,
  OTHER_FRAUD,
  OTHER_ID,
  OTHER_TIME,
  plainNames,
  REPORTED,
  rankOf,
  SCENARIO,
  SERVER,
  spanNames,
  timeNames,
} from './field-names.ts';
import { type InstantShape, instantShape } from './instant-shape.ts';
import { holdsCardNumbers, type SampledField, sampledFields } from './sampled-field.ts';
import { pairsOf, truthWords, type ValuePairs } from './value-words.ts';

/** Fields of a transaction, and those of its truth. */
export type ProposedTarget = PayloadField | 'is_fraud' | 'fraud_scenario' | 'reported_at';

/** A field, where it is read from, and how sure that is. */
export interface ProposedField {
  readonly target: ProposedTarget;
  /** Several are joined. */
  readonly columns: readonly SampledField[];
  readonly certainty: Certainty;
  /** What a reader should know of the guess. */
  readonly remark?: string | undefined;
  readonly time?: { readonly as: string } | { readonly origin: string; readonly unit: string };
  readonly amount?: AmountShape;
  readonly values?: ValuePairs;
  /** Values that are in no pair. */
  readonly unpaired?: readonly string[];
  /** Card numbers, of which only a salted hash may leave. */
  readonly isHashed?: boolean;
  readonly truth?: { readonly fraud: readonly string[]; readonly genuine: readonly string[] };
}

/** A field that no column has, and what every transaction then gets. */
export interface ProposedConstant {
  readonly target: PayloadField;
  readonly value: string;
  readonly remark: string;
}

/** A field of theirs for which there is none of ours, and why. */
export interface UnassignedField {
  readonly field: SampledField;
  readonly reason: string;
}

/** What sampled records mean, as far as names and values say it. */
export interface Proposal {
  readonly sampled: number;
  readonly all: readonly SampledField[];
  readonly fields: readonly ProposedField[];
  readonly constants: readonly ProposedConstant[];
  readonly unassigned: readonly UnassignedField[];
  /** Fields that hold card numbers. */
  readonly cardNumbers: readonly SampledField[];
}

/** Fewer records than these prove nothing by being distinct or alike. */
const FEWEST_RECORDS = 5;
const DEFAULT_CURRENCY = 'USD';
const ORIGIN = '2020-01-01T00:00:00Z';

/** Proposes which fields of sampled records are which of a transaction. */
export function propose(records: readonly unknown[]): Proposal {
  return new Proposer(records).proposal();
}

type Fits = (field: SampledField) => boolean;

interface Found {
  readonly field: SampledField;
  readonly certainty: Certainty;
}

class Proposer {
  readonly #all: readonly SampledField[];
  readonly #sampled: number;
  readonly #cardNumbers: ReadonlySet<SampledField>;
  readonly #instants: ReadonlyMap<SampledField, InstantShape>;
  readonly #taken = new Set<SampledField>();
  readonly #fields: ProposedField[] = [];
  readonly #constants: ProposedConstant[] = [];
  readonly #reasons = new Map<SampledField, string>();

  constructor(records: readonly unknown[]) {
    this.#sampled = records.length;
    this.#all = sampledFields(records);
    const shapes = this.#all.map((field) => [field, instantShape(field)] as const);
    this.#instants = new Map(shapes.flatMap(([field, shape]) => (shape ? [[field, shape]] : [])));
    // Milliseconds of an epoch have thirteen digits too.
    const isInstant: Fits = (field) =>
      this.#instants.has(field) && rankOf(field.words, timeNames) !== undefined;
    this.#cardNumbers = new Set(
      this.#all.filter((field) => holdsCardNumbers(field) && !isInstant(field)),
    );
  }

  proposal(): Proposal {
    this.#truth();
    this.#eventTime();
    this.#transactionId();
    this.#cardId();
    this.#currencies();
    this.#amounts();
    this.#sourceIp();
    this.#countries();
    for (const [target, ranks] of plainNames) this.#plain(target, ranks);
    for (const target of ['channel', 'type', 'card_type'] as const) this.#worded(target);
    return {
      sampled: this.#sampled,
      all: this.#all,
      fields: this.#fields,
      constants: this.#constants,
      unassigned: this.#all
        .filter((field) => !this.#taken.has(field))
        .map((field) => ({ field, reason: this.#reasonOf(field) })),
      cardNumbers: [...this.#cardNumbers],
    };
  }

  /** The first free field of the best name whose values fit. */
  #best(ranks: NameRanks, fits: Fits, not?: RegExp): Found | undefined {
    for (const [form, certainty] of ranks) {
      const field = this.#all.find(
        (one) => this.#isFree(one) && form.test(one.words) && !not?.test(one.words) && fits(one),
      );
      if (field) return { field, certainty };
    }
    return undefined;
  }

  #isFree(field: SampledField): boolean {
    const isUsable = field.present.length > 0 && field.path !== '' && field.kind !== 'mixed';
    return isUsable && !this.#taken.has(field) && !this.#cardNumbers.has(field);
  }

  #addFound(
    target: ProposedTarget,
    { field, certainty }: Found,
    more: Omit<ProposedField, 'target' | 'columns' | 'certainty'> = {},
  ): void {
    this.#add({ target, columns: [field], certainty, ...more });
  }

  #add(proposed: ProposedField): void {
    const isFew = this.#sampled < FEWEST_RECORDS && proposed.certainty === 'sure';
    for (const column of proposed.columns) this.#taken.add(column);
    this.#fields.push(isFew ? { ...proposed, certainty: 'likely' } : proposed);
  }

  #truth(): void {
    const fits: Fits = (field) => truthWords(field.present) !== undefined;
    const found = this.#best(fraudNames, fits, OTHER_FRAUD);
    const words = found && truthWords(found.field.present);
    if (!found || !words) return;
    this.#addFound('is_fraud', found, { truth: words });
    const scenario = this.#best([[SCENARIO, 'sure']], fitsText(64));
    if (scenario) this.#addFound('fraud_scenario', scenario);
    const reported = this.#best([[REPORTED, 'sure']], (field) => this.#instants.has(field));
    const as = reported && this.#instants.get(reported.field)?.as;
    if (!reported || as === undefined) return;
    this.#addFound('reported_at', reported, { time: { as } });
  }

  #eventTime(): void {
    const isFull: Fits = (field) => this.#instants.get(field)?.isDate === false;
    const found =
      this.#best(timeNames, isFull, OTHER_TIME) ??
      this.#only((field) => isFull(field) && !isNumeral(field) && !OTHER_TIME.test(field.words));
    if (found) this.#instant(found);
    else if (!this.#joinedTime()) this.#lesserTime();
  }

  /** The one free field that fits, whatever its name. */
  #only(fits: Fits): Found | undefined {
    const [field, ...more] = this.#all.filter((one) => this.#isFree(one) && fits(one));
    return field && more.length === 0 ? { field, certainty: 'a guess' } : undefined;
  }

  #instant({ field, certainty }: Found): void {
    const shape = this.#instants.get(field);
    if (!shape) return;
    const { as, isAmbiguous, isZoned } = shape;
    const remark = isAmbiguous
      ? 'day and month could be the other way round'
      : isZoned
        ? undefined
        : 'without a zone: read as UTC';
    this.#add({
      target: 'event_time',
      columns: [field],
      certainty: isAmbiguous ? 'a guess' : certainty,
      remark,
      time: { as },
    });
  }

  /** A date and a time of day in columns of their own, or year, month, day and time. */
  #joinedTime(): boolean {
    const named = (form: RegExp): SampledField | undefined =>
      this.#all.find((field) => this.#isFree(field) && form.test(field.words));
    const time = this.#all.find((field) => this.#isFree(field) && field.present.every(isTimeOfDay));
    const date = this.#all.find(
      (field) =>
        this.#isFree(field) && this.#instants.get(field)?.isDate && !OTHER_TIME.test(field.words),
    );
    const days = [named(/\byear$/), named(/\bmonth$/), named(/\bday( of month)?$/)];
    const dates = date ? [date] : days.every((day) => day !== undefined) ? days : [];
    const [first] = dates;
    if (!first || (!date && !time)) return false;
    const columns = time ? [...dates, time] : dates;
    const text = columns.map((column) => column.present[0]?.trim()).join(' ');
    const dateAs = date ? datePattern(this.#instants.get(date)?.as) : 'yyyy M d';
    const clock = time ? ` ${clockPattern(time.present[0] ?? '')}` : '';
    const as = `${dateAs}${clock}`;
    if (!text) return false;
    const remark = 'without a zone: read as UTC';
    this.#add({ target: 'event_time', columns, certainty: 'likely', remark, time: { as } });
    return true;
  }

  /** Dates alone, or numbers since an instant that the file does not say. */
  #lesserTime(): void {
    const date = this.#best(timeNames, (field) => this.#instants.has(field), OTHER_TIME);
    if (date) {
      this.#instant({ ...date, certainty: 'a guess' });
      return;
    }
    for (const [form, unit] of spanNames) {
      const span = this.#best([[form, 'a guess']], isNumeral, OTHER_TIME);
      if (!span) continue;
      const remark = `a number of ${unit} since an origin that the sample does not show`;
      const time = { origin: ORIGIN, unit };
      this.#addFound('event_time', span, { remark, time });
      return;
    }
  }

  #transactionId(): void {
    const isDistinct: Fits = (field) =>
      field.present.length === this.#sampled &&
      new Set(field.present).size === this.#sampled &&
      fitsText(64)(field);
    const found =
      this.#best(idNames, isDistinct, OTHER_ID) ??
      this.#best([[/./, 'a guess']], (field) => isDistinct(field) && isRandom(field), OTHER_ID);
    if (found) this.#addFound('transaction_id', found);
  }

  #cardId(): void {
    const parts = this.#cardParts();
    const found = this.#best(
      cardNames,
      (field) => fitsText(256)(field) && !isEnumeration(field, this.#sampled),
    );
    if (found?.certainty === 'sure') {
      this.#addFound('card_id', found);
    } else if (this.#hashedCard()) {
      return;
    } else if (found?.certainty === 'likely') {
      this.#addFound('card_id', found);
    } else if (parts.length > 1) {
      const remark = 'no column is a card by itself: joined';
      this.#add({ target: 'card_id', columns: parts, certainty: 'a guess', remark });
    } else if (found) {
      const remark = 'the party that pays takes the part of the card';
      this.#addFound('card_id', found, { remark });
    } else {
      const remark = 'no column is a card: all transactions get one card';
      this.#constants.push({ target: 'card_id', value: 'unknown', remark });
    }
  }

  #hashedCard(): boolean {
    const free = [...this.#cardNumbers].filter((field) => !this.#taken.has(field));
    const named = free.find(({ words }) => rankOf(words, cardNames) !== undefined);
    const field = named ?? free.find(({ words }) => !/\btrack\b/.test(words)) ?? free[0];
    if (!field) return false;
    const certainty = named ? 'sure' : 'likely';
    const remark = 'card numbers: only their salted hash leaves';
    this.#add({ target: 'card_id', columns: [field], certainty, remark, isHashed: true });
    return true;
  }

  /** Numbered parts of a card, or the number of a card among those of its user. */
  #cardParts(): readonly SampledField[] {
    const parts = this.#all.filter(
      (field) => this.#isFree(field) && isNumeral(field) && /^(card|addr) \d$/.test(field.words),
    );
    const numbered = parts.filter(({ words }) => /^(card [12]|addr 1)$/.test(words));
    if (numbered.length > 1) return numbered;
    const card = this.#all.find(
      (field) => /\bcard( index| no| id)?$/.test(field.words) && this.#isFree(field),
    );
    const user = this.#all.find(
      (field) =>
        /\b(user|cust(omer)?|client|account)( ?id)?$/.test(field.words) && this.#isFree(field),
    );
    return card && user && card.present.every((text) => /^\d{1,2}$/.test(text)) ? [user, card] : [];
  }

  #currencies(): void {
    const isCurrency: Fits = ({ present }) => pairsOf('currency', present)?.unknown.length === 0;
    const billing = this.#best(
      [[CURRENCY, 'sure']],
      (field) => isCurrency(field) && BILLING.test(field.words),
    );
    const found =
      this.#best([[CURRENCY, 'sure']], isCurrency, BILLING) ??
      this.#only(
        (field) => isCurrency(field) && field.present.every((text) => /^[A-Z]{3}$/.test(text)),
      ) ??
      billing;
    if (found) this.#paired('currency', found);
    else {
      const named = this.#all.find((field) => this.#isFree(field) && CURRENCY.test(field.words));
      if (named) this.#reasons.set(named, 'not all of its values are active ISO 4217 currencies');
      const remark = 'no column has the currency: write yours';
      this.#constants.push({ target: 'currency', value: DEFAULT_CURRENCY, remark });
    }
    if (billing && billing !== found) this.#paired('billing_currency', billing);
  }

  #paired(target: PayloadField, found: Found): void {
    const { pairs, unknown = [] } = pairsOf(target, found.field.present) ?? {};
    if (!pairs) return;
    const isSame = unknown.length === 0 && pairs.every(([theirs, ours]) => theirs === ours);
    this.#addFound(target, found, isSame ? {} : { values: pairs, unpaired: unknown });
  }

  #amounts(): void {
    const currency = this.#fields.find(({ target }) => target === 'currency');
    const codes = new Map(currency?.values ?? []);
    const currencyAt = (index: number): string => {
      const code = currency?.columns[0]?.values[index] ?? DEFAULT_CURRENCY;
      return codes.get(code) ?? code;
    };
    const shapes = new Map<SampledField, AmountShape>();
    const isAmount: Fits = (field) => {
      const shape = this.#instants.has(field) ? undefined : amountShape(field, currencyAt);
      if (shape) shapes.set(field, shape);
      return shape !== undefined;
    };
    const hasBilling = this.#fields.some(({ target }) => target === 'billing_currency');
    const not = new RegExp(`${OTHER_AMOUNT.source}|${hasBilling ? BILLING.source : '^$'}`);
    this.#amount('amount', this.#best(amountNames, isAmount, not), shapes);
    if (!hasBilling) return;
    const billing = this.#best(
      amountNames,
      (field) => BILLING.test(field.words) && isAmount(field),
      OTHER_AMOUNT,
    );
    this.#amount('billing_amount', billing, shapes);
  }

  #amount(
    target: 'amount' | 'billing_amount',
    found: Found | undefined,
    shapes: ReadonlyMap<SampledField, AmountShape>,
  ): void {
    const amount = found && shapes.get(found.field);
    if (!amount) return;
    // Field 4 of ISO 8583 has twelve digits of minor units.
    const isFilled = found.field.present.every((text) => /^0\d{11}$/.test(text));
    const isMinor = amount.isWhole && (isFilled || MINOR.test(found.field.words));
    const isOpen = amount.isWhole && !isMinor && found.field.present.length > 1;
    const { symbol, thousands, decimalSeparator } = amount;
    const isPlain = symbol === undefined && thousands === undefined;
    this.#add({
      target: isMinor ? `${target}_minor` : target,
      columns: [found.field],
      certainty: isOpen ? 'a guess' : found.certainty,
      remark: isOpen
        ? `whole numbers: write ${target}_minor if they are minor units`
        : isPlain && decimalSeparator === undefined
          ? undefined
          : 'its separators are taken from the values',
      amount,
    });
  }

  #sourceIp(): void {
    const isAddress: Fits = (field) => fitsField('source_ip', field);
    const found =
      this.#best([[IP, 'sure']], isAddress, SERVER) ??
      this.#best([[/./, 'likely']], isAddress, SERVER);
    if (found) this.#addFound('source_ip', found);
  }

  #countries(): void {
    const named = this.#all.filter((field) => this.#isFree(field) && COUNTRY.test(field.words));
    for (const field of named) {
      const [target] = countryNames.find(([, form]) => form.test(field.words)) ?? [];
      const isKnown = pairsOf('card_country', field.present)?.unknown.length === 0;
      const isFirst = !this.#fields.some((one) => one.target === target);
      if (!isKnown) this.#reasons.set(field, 'its values are not ISO 3166-1 alpha-2 codes');
      else if (!target) this.#reasons.set(field, 'card_country or merchant_country?');
      else if (isFirst) this.#paired(target, { field, certainty: 'sure' });
    }
  }

  #plain(target: PayloadField, ranks: NameRanks): void {
    const found = this.#best(ranks, (field) => fitsField(target, field));
    if (found) this.#addFound(target, found);
    const other = this.#all.find((field) => this.#isFree(field) && rankOf(field.words, ranks));
    if (other && !found) this.#reasons.set(other, `its values do not fit ${target}`);
  }

  #worded(target: 'channel' | 'type' | 'card_type'): void {
    const names: Readonly<Record<typeof target, RegExp>> = {
      channel: /\b(channel|entry|use chip|source|medium|category)$/,
      type: /\b(trans(action)?|tr[nx]|txn?|payment|operation|event)? ?type$/,
      card_type: /\b(card|account|funding)( type)?$|\bfunding\b|^card \d$/,
    };
    const share = ({ present }: SampledField): number => {
      const { pairs = [] } = pairsOf(target, present) ?? {};
      return pairs.length / new Set(present).size;
    };
    const isNamed: Fits = (field) => share(field) >= 0.5 && !isNumeral(field);
    const found =
      this.#best([[names[target], 'likely']], isNamed, /\b(employment|house|housing|entity)\b/) ??
      (target === 'type' ? undefined : this.#only((field) => share(field) === 1 && isWordy(field)));
    if (found) this.#paired(target, found);
  }

  #reasonOf(field: SampledField): string {
    const known = this.#reasons.get(field);
    if (known !== undefined) return known;
    if (this.#cardNumbers.has(field))
      return 'contains card numbers, which are never sent unchanged';
    if (field.path === '') return 'has no name';
    if (field.kind === 'list') return 'is a list';
    if (field.present.length === 0) return 'has no values in the sample';
    return 'its name and values match no field of a transaction';
  }
}

const isNumeral: Fits = ({ present }) => present.every((text) => /^-?\d+(\.\d+)?$/.test(text));
const isTimeOfDay = (text: string): boolean => /^\d{1,2}:\d\d(:\d\d(\.\d{3})?)?$/.test(text);
/** Words that say something, rather than codes of one or two letters. */
const isWordy: Fits = ({ present }) => present.every((text) => /[A-Za-z]{3}/.test(text));
const isRandom: Fits = ({ present }) =>
  present.every((text) => /^[\da-f-]{16,}$|^[\dA-Z]{16,}$/i.test(text) && /\d/.test(text));

/** A few values of one or two digits: they number something, and name nobody. */
function isEnumeration({ present }: SampledField, sampled: number): boolean {
  return sampled >= FEWEST_RECORDS && present.every((text) => /^\d{1,2}$/.test(text));
}

function fitsText(most: number): Fits {
  return ({ present }) => present.every((text) => [...text].length <= most);
}

function fitsField(target: PayloadField, { present, kind }: SampledField): boolean {
  if (target === 'amount' || target === 'billing_amount') return false;
  const fault = transactionFieldFault(target);
  return present.every((text) => fault(valueFor(target, text, kind)) === undefined);
}

function valueFor(target: PayloadField, text: string, kind: SampledField['kind']): unknown {
  if (target === 'account_age_days') return /^\d+(\.0+)?$/.test(text) ? Number(text) : text;
  if (target === 'card_present') return /^(true|false|1|0)$/i.test(text) ? true : text;
  if (target === 'mcc' && kind === 'number') return text.padStart(4, '0');
  return text;
}

function datePattern(as: string | undefined): string {
  return as === undefined || as === 'iso' ? 'yyyy-MM-dd' : as;
}

function clockPattern(text: string): string {
  const seconds = /^\d{1,2}:\d\d:\d\d/.test(text) ? ':ss' : '';
  return `${/^\d:/.test(text) ? 'H' : 'HH'}:mm${seconds}${/\.\d{3}$/.test(text) ? '.SSS' : ''}`;
}
