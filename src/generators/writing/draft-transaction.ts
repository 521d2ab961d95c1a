import type { Transaction } from '../../transactions/transaction.ts';
import { last4Of } from '../population/cards.ts';
import { countries } from '../population/countries.ts';
import { cardProducts } from '../population/issuers.ts';
import { merchantCategories } from '../population/merchants.ts';
import {
  avsResults,
  channel,
  channels,
  cvms,
  cvvResults,
  ecis,
  entryModes,
  responses,
  type TransactionDraft,
  threeDsResults,
  types,
  userAgents,
} from '../simulation/draft.ts';
import type { Scene } from '../simulation/scene.ts';
import { type Identifiers, merchantIdOf, writeAuthCode } from './identifiers.ts';
import {
  accountAgeDays,
  addressText,
  approvedAs,
  cardIdOf,
  cityOf,
  hourOfYear,
  idOf,
  terminalId,
} from './transaction.ts';

const MINUTE_MS = 60_000;
const SECONDS = Array.from({ length: 60 }, (_, second) => `${String(second).padStart(2, '0')}.`);
const MILLISECONDS = Array.from({ length: 1000 }, (_, ms) => `${String(ms).padStart(3, '0')}Z`);
const scratch = Buffer.alloc(32);
const view = new DataView(scratch.buffer, scratch.byteOffset);

/** Texts that many transactions of a world have, each made once. */
export class DraftTexts {
  readonly scene: Scene;
  readonly names: Identifiers;
  readonly #cardIds: string[] = [];
  readonly #merchantIds: string[] = [];
  #minuteAtMs = Number.NaN;
  #minute = '';

  constructor(scene: Scene, names: Identifiers) {
    this.scene = scene;
    this.names = names;
  }

  cardId(draft: TransactionDraft): string {
    if (draft.stranger !== 0 || draft.reissue > 0) return cardIdOf(draft, this.names);
    const known = this.#cardIds[draft.card];
    if (known !== undefined) return known;
    const made = cardIdOf(draft, this.names);
    this.#cardIds[draft.card] = made;
    return made;
  }

  merchantId({ merchant }: TransactionDraft): string {
    const known = this.#merchantIds[merchant];
    if (known !== undefined) return known;
    const made = merchantIdOf(merchant, this.scene.key);
    this.#merchantIds[merchant] = made;
    return made;
  }

  /** An instant; its minute is kept, because the next transaction mostly has it too. */
  instant(atMs: number): string {
    if (!(atMs >= this.#minuteAtMs && atMs < this.#minuteAtMs + MINUTE_MS)) {
      this.#minuteAtMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
      this.#minute = new Date(atMs).toISOString().slice(0, 17);
    }
    const ms = atMs - this.#minuteAtMs;
    return `${this.#minute}${SECONDS[Math.floor(ms / 1000)]}${MILLISECONDS[ms % 1000]}`;
  }
}

/**
 * A draft as a transaction whose fields are made when they are read: what `transactionOf` gives, for whoever needs few of them.
 *
 * It is valid as long as its draft. One object may stand for one draft after the other.
 */
export class DraftTransaction implements Transaction {
  readonly #texts: DraftTexts;
  #draft: TransactionDraft;
  #id: string;

  constructor(texts: DraftTexts, draft: TransactionDraft, id: string) {
    this.#texts = texts;
    this.#draft = draft;
    this.#id = id;
  }

  /** Stands for this draft from now on, which has this id. */
  of(draft: TransactionDraft, id: string): this {
    this.#draft = draft;
    this.#id = id;
    return this;
  }

  get schema_version(): 2 {
    return 2;
  }

  get transaction_id(): string {
    return this.#id;
  }

  get event_time(): string {
    return this.#texts.instant(this.#draft.atMs);
  }

  get type(): Required<Transaction>['type'] {
    return types[this.#draft.type] ?? null;
  }

  get channel(): Required<Transaction>['channel'] {
    return channels[this.#draft.channel] ?? null;
  }

  get card_id(): string {
    return this.#texts.cardId(this.#draft);
  }

  get pan_bin(): string | null {
    return this.#product?.bin ?? null;
  }

  get pan_last4(): string {
    const { card, reissue, stranger, strangerLast4 } = this.#draft;
    const last4 = stranger === 0 ? last4Of(card, reissue, this.#texts.scene.cards) : strangerLast4;
    return String(last4).padStart(4, '0');
  }

  get card_brand(): string | null {
    return this.#product?.brand ?? null;
  }

  get card_type(): Required<Transaction>['card_type'] {
    return this.#product?.type ?? null;
  }

  get card_country(): string | null {
    return this.#cardCountry?.code ?? null;
  }

  get account_age_days(): number | null {
    const { card, atMs, isAccountUnknown } = this.#draft;
    return isAccountUnknown ? null : accountAgeDays(card, atMs, this.#texts.scene);
  }

  get merchant_id(): string {
    return this.#texts.merchantId(this.#draft);
  }

  get merchant_name(): string {
    return this.#texts.scene.merchants.name(this.#draft.merchant);
  }

  get mcc(): string | null {
    const { category } = this.#texts.scene.merchants;
    return merchantCategories[category[this.#draft.merchant] as number]?.mcc ?? null;
  }

  get merchant_country(): string | null {
    return this.#merchantCountry?.code ?? null;
  }

  get merchant_city(): string | null {
    return cityOf(this.#draft, this.#texts.scene);
  }

  get terminal_id(): string {
    return terminalId(this.#draft, this.#texts.scene, this.#texts.names);
  }

  get amount_minor(): number {
    return this.#draft.amount;
  }

  get currency(): string {
    return this.#merchantCountry?.currency ?? '';
  }

  get billing_amount_minor(): number {
    return this.#draft.billing;
  }

  get billing_currency(): string | null {
    return this.#cardCountry?.currency ?? null;
  }

  get pos_entry_mode(): string | null {
    return entryModes[this.#draft.entryMode] ?? null;
  }

  get card_present(): boolean {
    return this.#draft.channel === channel.pos || this.#draft.channel === channel.atm;
  }

  get source_ip(): string | null {
    return addressText(this.#draft);
  }

  get device_id(): string | null {
    const { hasDevice, deviceOwner, deviceNumber } = this.#draft;
    if (!hasDevice) return null;
    this.#texts.names.writeDevice(view, 0, deviceOwner, deviceNumber);
    return `dv_${scratch.toString('latin1', 0, 13)}`;
  }

  get user_agent_family(): string | null {
    return userAgents[this.#draft.userAgent] ?? null;
  }

  get three_ds(): Required<Transaction>['three_ds'] {
    return threeDsResults[this.#draft.threeDs] ?? null;
  }

  get eci(): string | null {
    return ecis[this.#draft.eci] ?? null;
  }

  get avs_result(): Required<Transaction>['avs_result'] {
    return avsResults[this.#draft.avs] ?? null;
  }

  get cvv_result(): Required<Transaction>['cvv_result'] {
    return cvvResults[this.#draft.cvv] ?? null;
  }

  get response_code(): string | null {
    return responses[this.#draft.response] ?? null;
  }

  get stan(): string {
    return String(this.#texts.names.stan(this.#draft.sequence)).padStart(6, '0');
  }

  get rrn(): string {
    return hourOfYear(this.#draft.atMs) + this.stan;
  }

  get auth_code(): string | null {
    if (this.#draft.response !== 0) return null;
    writeAuthCode(view, 0, this.#texts.names.authCode(approvedAs(this.#draft)));
    return scratch.toString('latin1', 0, 6);
  }

  get cvm(): Required<Transaction>['cvm'] {
    return cvms[this.#draft.cvm] ?? null;
  }

  get original_transaction_id(): string | null {
    const { original } = this.#draft;
    return original >= 0 ? idOf(original, this.#texts.names) : null;
  }

  get #product() {
    return cardProducts[this.#texts.scene.cards.product[this.#draft.card] as number];
  }

  get #cardCountry() {
    return countries[this.#texts.scene.cards.country[this.#draft.card] as number];
  }

  get #merchantCountry() {
    return countries[this.#texts.scene.merchants.country[this.#draft.merchant] as number];
  }
}
