import type { Label } from '../../transactions/label.ts';
import type { Transaction } from '../../transactions/transaction.ts';
import { scenarios } from '../fraud/scenarios.ts';
import { last4Of } from '../population/cards.ts';
import { cities } from '../population/cities.ts';
import { countries } from '../population/countries.ts';
import { cardProducts } from '../population/issuers.ts';
import { cityOfTerminal, merchantCategories } from '../population/merchants.ts';
import type { TransactionDraft } from '../simulation/draft.ts';
import {
  avsResults,
  channel,
  channels,
  cvms,
  cvvResults,
  ecis,
  entryModes,
  responses,
  threeDsResults,
  type,
  types,
  userAgents,
} from '../simulation/draft.ts';
import type { Scene } from '../simulation/scene.ts';
import { v4Text, v6Text } from './digits.ts';
import { type CardNumber, type Identifiers, merchantIdOf, writeAuthCode } from './identifiers.ts';

const DAY_MS = 86_400_000;
const scratch = Buffer.alloc(32);
const view = new DataView(scratch.buffer, scratch.byteOffset);

/** The transaction that a draft stands for, as an object. */
export function transactionOf(
  draft: TransactionDraft,
  scene: Scene,
  names: Identifiers,
): Transaction {
  return {
    schema_version: 2,
    transaction_id: transactionId(draft, names),
    event_time: new Date(draft.atMs).toISOString(),
    type: types[draft.type] ?? null,
    channel: channels[draft.channel] ?? null,
    ...cardFields(draft, scene, names),
    ...merchantFields(draft, scene, names),
    ...moneyFields(draft, scene),
    ...entryFields(draft, names),
    ...answerFields(draft, names),
  };
}

/** The truth about a draft. */
export function labelOf(
  draft: TransactionDraft,
  scene: Pick<Scene, 'merchants'>,
  names: Identifiers,
): Label {
  const transaction_id = transactionId(draft, names);
  const scenario = scenarios[draft.scenario - 1];
  if (!scenario) {
    const unknown = {
      fraud_scenario: null,
      campaign_id: null,
      reported_at: null,
      merchant_id: null,
      terminal_id: null,
    };
    return { transaction_id, is_fraud: false, ...unknown };
  }
  names.writeCampaign(view, 0, draft.campaign);
  return {
    transaction_id,
    is_fraud: true,
    fraud_scenario: scenario.name,
    campaign_id: `cp_${scratch.toString('latin1', 0, 13)}`,
    reported_at: new Date(draft.reportedAtMs).toISOString(),
    merchant_id: merchantIdOf(draft.merchant, names.key),
    terminal_id: terminalId(draft, scene, names),
  };
}

/** The terminal of a draft, eight digits. */
export function terminalId(
  { merchant, terminal }: TransactionDraft,
  { merchants }: Pick<Scene, 'merchants'>,
  names: Identifiers,
): string {
  const number = (merchants.firstTerminal[merchant] as number) + terminal;
  return String(names.terminal(number)).padStart(8, '0');
}

/** The city of the terminal of a draft. */
export function cityOf(
  { merchant, terminal }: TransactionDraft,
  { merchants }: Pick<Scene, 'merchants'>,
): string | null {
  return cities[cityOfTerminal(merchant, terminal, merchants)]?.name ?? null;
}

function transactionId(draft: TransactionDraft, names: Identifiers): string {
  return idOf(draft.sequence, names);
}

/** The id of the transaction of so many in its world. */
export function idOf(sequence: number, names: Identifiers): string {
  names.writeTransaction(view, 0, sequence);
  return scratch.toString('latin1', 0, 26);
}

/** A completion has the approval of what it completes. */
export function approvedAs({ type: kind, original, sequence }: TransactionDraft): number {
  return kind === type.completion ? original : sequence;
}

function cardFields(draft: TransactionDraft, scene: Scene, names: Identifiers) {
  const { card, reissue, atMs, stranger, strangerLast4 } = draft;
  const last4 = stranger === 0 ? last4Of(card, reissue, scene.cards) : strangerLast4;
  const product = cardProducts[scene.cards.product[card] as number];
  return {
    card_id: cardIdOf(draft, names),
    pan_bin: product?.bin ?? null,
    pan_last4: String(last4).padStart(4, '0'),
    card_brand: product?.brand ?? null,
    card_type: product?.type ?? null,
    card_country: countries[scene.cards.country[card] as number]?.code ?? null,
    account_age_days: draft.isAccountUnknown ? null : accountAgeDays(card, atMs, scene),
  };
}

/** The token that stands for a card. */
export function cardIdOf(number: CardNumber, names: Identifiers): string {
  names.writeCard(view, 0, number);
  return `ct_${scratch.toString('latin1', 0, 13)}`;
}

/** Whole days since the account was opened. */
export function accountAgeDays(card: number, atMs: number, scene: Scene): number {
  return (scene.cards.ageDays[card] as number) + Math.floor((atMs - scene.startAt) / DAY_MS);
}

function merchantFields(draft: TransactionDraft, scene: Scene, names: Identifiers) {
  const { merchant } = draft;
  return {
    merchant_id: merchantIdOf(merchant, scene.key),
    merchant_name: scene.merchants.name(merchant),
    mcc: merchantCategories[scene.merchants.category[merchant] as number]?.mcc ?? null,
    merchant_country: countries[scene.merchants.country[merchant] as number]?.code ?? null,
    merchant_city: cityOf(draft, scene),
    terminal_id: terminalId(draft, scene, names),
  };
}

function moneyFields({ card, merchant, amount, billing }: TransactionDraft, scene: Scene) {
  return {
    amount_minor: amount,
    currency: countries[scene.merchants.country[merchant] as number]?.currency ?? '',
    billing_amount_minor: billing,
    billing_currency: countries[scene.cards.country[card] as number]?.currency ?? null,
  };
}

function entryFields(draft: TransactionDraft, names: Identifiers) {
  names.writeDevice(view, 0, draft.deviceOwner, draft.deviceNumber);
  return {
    pos_entry_mode: entryModes[draft.entryMode] ?? null,
    card_present: draft.channel === channel.pos || draft.channel === channel.atm,
    source_ip: addressText(draft),
    device_id: draft.hasDevice ? `dv_${scratch.toString('latin1', 0, 13)}` : null,
    user_agent_family: userAgents[draft.userAgent] ?? null,
  };
}

/** The address of a draft as text. */
export function addressText({ ip4, net6, subnet6, host6 }: TransactionDraft): string | null {
  if (net6 > 0) return v6Text(net6, subnet6, host6);
  return ip4 > 0 ? v4Text(ip4) : null;
}

function answerFields(draft: TransactionDraft, names: Identifiers) {
  const stan = String(names.stan(draft.sequence)).padStart(6, '0');
  writeAuthCode(view, 0, names.authCode(approvedAs(draft)));
  const auth_code = draft.response === 0 ? scratch.toString('latin1', 0, 6) : null;
  const original = draft.original >= 0 ? idOf(draft.original, names) : null;
  return {
    three_ds: threeDsResults[draft.threeDs] ?? null,
    eci: ecis[draft.eci] ?? null,
    avs_result: avsResults[draft.avs] ?? null,
    cvv_result: cvvResults[draft.cvv] ?? null,
    response_code: responses[draft.response] ?? null,
    stan,
    rrn: hourOfYear(draft.atMs) + stan,
    auth_code,
    cvm: cvms[draft.cvm] ?? null,
    original_transaction_id: original,
  };
}

/** Last digit of the year, day of the year, hour: how acquirers begin a retrieval reference. */
export function hourOfYear(atMs: number): string {
  const time = new Date(atMs).toISOString();
  const day = Math.floor((atMs - Date.UTC(Number(time.slice(0, 4)), 0)) / DAY_MS) + 1;
  return time.charAt(3) + String(day).padStart(3, '0') + time.slice(11, 13);
}
