import { last4Of } from '../population/cards.ts';
import { cityOfTerminal } from '../population/merchants.ts';
import type { TransactionDraft } from '../simulation/draft.ts';
import type { Scene } from '../simulation/scene.ts';
import {
  hostGroups,
  write2,
  write3,
  write4,
  write6,
  write8,
  writeGroup,
  writeV4,
  writeWhole,
} from './digits.ts';
import { type Identifiers, writeAuthCode } from './identifiers.ts';
import { LineFragments } from './line-fragments.ts';
import { accountAgeDays, approvedAs, hourOfYear } from './transaction.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Lines lie behind each other in chunks. One line has about 850 bytes, and never so many. */
const CHUNK_BYTES = 65_536;
export const LONGEST_LINE_BYTES = 8_192;
/** How far behind one hole of a clause the next one is. */
const TIME_BEHIND_ID = 26 + '","event_time":"'.length;
const LAST4_BEHIND_CARD = 13 + '","pan_bin":"411111","pan_last4":"'.length;
const RRN_BEHIND_STAN = 6 + '","rrn":"'.length;
const AUTH_BEHIND_RRN = 12 + '","auth_code":"'.length;
const QUOTE = 34;
const BRACE = 125;
const encoder = new TextEncoder();
const NULL = Buffer.from('null');
const DEVICE = Buffer.from(',"device_id":"dv_');
const NO_DEVICE = Buffer.from(',"device_id":null');

/**
 * Writes drafts as lines of JSON, straight into bytes: what `transactionLine` would say, some ten
 * times as fast.
 *
 * Shapes: each line is a view of its own on a chunk that many lines share, without a newline.
 */
export class LineWriter {
  readonly #scene: Scene;
  readonly #names: Identifiers;
  readonly #clauses: LineFragments;
  #chunk: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#chunk.buffer);
  #end = 0;
  #dayAtMs = Number.NaN;
  /** `2026-01-01T0`, of which the last is written over; and what references of the hour begin with. */
  readonly #day = new DataView(new ArrayBuffer(12));
  #hourAtMs = Number.NaN;
  readonly #hour = new DataView(new ArrayBuffer(6));

  constructor(scene: Scene, names: Identifiers) {
    this.#scene = scene;
    this.#names = names;
    this.#clauses = new LineFragments(scene);
  }

  /** The line of a draft, whose 26 bytes of id are in `ids` already. */
  line(draft: TransactionDraft, ids: DataView, idAt: number): Uint8Array {
    if (this.#end + LONGEST_LINE_BYTES > this.#chunk.length) {
      this.aim(new Uint8Array(Buffer.allocUnsafeSlow(CHUNK_BYTES).buffer));
      this.#end = 0;
    }
    const start = this.#end;
    this.#end = this.write(draft, ids, idAt, start);
    return new Uint8Array(this.#chunk.buffer, start, this.#end - start);
  }

  /** From now on `write` writes there. */
  aim(chunk: Uint8Array): void {
    this.#chunk = chunk;
    this.#view = new DataView(chunk.buffer, chunk.byteOffset);
  }

  /** Writes the line of a draft at an offset, with space for the longest; returns its end. */
  write(draft: TransactionDraft, ids: DataView, idAt: number, at: number): number {
    let end = this.#writeHead(draft, ids, idAt, at);
    end = this.#writeCard(draft, end);
    end = this.#writeMerchant(draft, end);
    end = this.#writeEntry(draft, end);
    return this.#writeAnswer(draft, end);
  }

  #writeHead(draft: TransactionDraft, ids: DataView, idAt: number, at: number): number {
    const head = this.#clauses.head(draft);
    this.#chunk.set(head.bytes, at);
    const hole = at + head.holeAt;
    for (let offset = 0; offset < 24; offset += 4) {
      this.#view.setUint32(hole + offset, ids.getUint32(idAt + offset));
    }
    this.#view.setUint16(hole + 24, ids.getUint16(idAt + 24));
    this.#writeTime(draft.atMs, hole + TIME_BEHIND_ID);
    return at + head.bytes.length;
  }

  /** Writes an instant; its day and hour are kept, because the next line mostly has them too. */
  #writeTime(atMs: number, at: number): void {
    const view = this.#view;
    if (!(atMs >= this.#hourAtMs && atMs < this.#hourAtMs + HOUR_MS)) this.#turnHour(atMs);
    view.setUint32(at, this.#day.getUint32(0));
    view.setUint32(at + 4, this.#day.getUint32(4));
    view.setUint32(at + 8, this.#day.getUint32(8));
    const ms = (atMs - this.#dayAtMs) | 0;
    const seconds = (ms / 1000) | 0;
    const minutes = (seconds / 60) | 0;
    const hours = (minutes / 60) | 0;
    write2(view, at + 11, hours);
    write2(view, at + 14, minutes - hours * 60);
    write2(view, at + 17, seconds - minutes * 60);
    write3(view, at + 20, ms - seconds * 1000);
  }

  #turnHour(atMs: number): void {
    this.#hourAtMs = Math.floor(atMs / HOUR_MS) * HOUR_MS;
    this.#dayAtMs = Math.floor(atMs / DAY_MS) * DAY_MS;
    encoder.encodeInto(hourOfYear(atMs), new Uint8Array(this.#hour.buffer));
    encoder.encodeInto(new Date(atMs).toISOString().slice(0, 12), new Uint8Array(this.#day.buffer));
  }

  #writeCard(draft: TransactionDraft, at: number): number {
    const card = this.#clauses.card(draft);
    this.#chunk.set(card.bytes, at);
    const hole = at + card.holeAt;
    this.#names.writeCard(this.#view, hole, draft);
    const known = last4Of(draft.card, draft.reissue, this.#scene.cards);
    const last4 = draft.stranger === 0 ? known : draft.strangerLast4;
    write4(this.#view, hole + LAST4_BEHIND_CARD, last4);
    if (draft.isAccountUnknown) return this.#write(NULL, at + card.bytes.length);
    const days = accountAgeDays(draft.card, draft.atMs, this.#scene);
    return writeWhole(this.#view, at + card.bytes.length, days);
  }

  #writeMerchant(draft: TransactionDraft, at: number): number {
    const { merchants } = this.#scene;
    const { merchant, terminal } = draft;
    let end = this.#write(this.#clauses.merchant(draft).bytes, at);
    const city = this.#clauses.city(cityOfTerminal(merchant, terminal, merchants));
    this.#chunk.set(city.bytes, end);
    const number = (merchants.firstTerminal[merchant] as number) + terminal;
    write8(this.#view, end + city.holeAt, this.#names.terminal(number));
    end = writeWhole(this.#view, end + city.bytes.length, draft.amount);
    end = this.#write(this.#clauses.currency(draft).bytes, end);
    return writeWhole(this.#view, end, draft.billing);
  }

  #writeEntry(draft: TransactionDraft, at: number): number {
    const isHidden = draft.ip4 === 0 && draft.net6 === 0 && !draft.hasDevice;
    const afterEntry = this.#write(this.#clauses.entry(draft, isHidden).bytes, at);
    if (isHidden) return afterEntry;
    const end = this.#writeAddress(draft, afterEntry);
    if (!draft.hasDevice) return this.#write(NO_DEVICE, end);
    const hole = this.#write(DEVICE, end);
    this.#names.writeDevice(this.#view, hole, draft.deviceOwner, draft.deviceNumber);
    this.#chunk[hole + 13] = QUOTE;
    return hole + 14;
  }

  #writeAddress({ ip4, net6, subnet6, host6 }: TransactionDraft, at: number): number {
    const chunk = this.#chunk;
    const view = this.#view;
    if (ip4 === 0 && net6 === 0) return this.#write(NULL, at);
    chunk[at] = QUOTE;
    let end = at + 1;
    if (net6 === 0) end = writeV4(view, end, ip4);
    else {
      const low = net6 >>> 0;
      end = writeGroup(view, end, Math.floor(net6 / 4294967296));
      end = writeGroup(view, end, low >>> 16);
      end = writeGroup(view, end, low & 0xffff);
      end = writeGroup(view, end, subnet6);
      for (const group of hostGroups(host6)) end = writeGroup(view, end, group);
      // The last colon was one too many.
      end -= 1;
    }
    chunk[end] = QUOTE;
    return end + 1;
  }

  #writeAnswer(draft: TransactionDraft, at: number): number {
    const view = this.#view;
    const answer = this.#clauses.answer(draft);
    this.#chunk.set(answer.bytes, at);
    const stanAt = at + answer.holeAt;
    const stan = this.#names.stan(draft.sequence);
    write6(view, stanAt, stan);
    const rrnAt = stanAt + RRN_BEHIND_STAN;
    view.setUint32(rrnAt, this.#hour.getUint32(0));
    view.setUint16(rrnAt + 4, this.#hour.getUint16(4));
    write6(view, rrnAt + 6, stan);
    if (draft.response === 0) {
      writeAuthCode(view, rrnAt + AUTH_BEHIND_RRN, this.#names.authCode(approvedAs(draft)));
    }
    return this.#writeEnd(draft, at + answer.bytes.length);
  }

  #writeEnd(draft: TransactionDraft, at: number): number {
    const last = this.#clauses.end(draft);
    this.#chunk.set(last.bytes, at);
    if (draft.original >= 0) {
      this.#names.writeTransaction(this.#view, at + last.holeAt, draft.original);
    }
    this.#chunk[at + last.bytes.length] = BRACE;
    return at + last.bytes.length + 1;
  }

  #write(bytes: Uint8Array, at: number): number {
    this.#chunk.set(bytes, at);
    return at + bytes.length;
  }
}
