import { cities } from '../population/cities.ts';
import { countries } from '../population/countries.ts';
import { cardProducts } from '../population/issuers.ts';
import { merchantCategories } from '../population/merchants.ts';
import type { TransactionDraft } from '../simulation/draft.ts';
import {
  avsResults,
  channel,
  channels,
  cvms,
  cvvResults,
  ecis,
  entryModes,
  response,
  responses,
  threeDsResults,
  types,
  userAgents,
} from '../simulation/draft.ts';
import type { Scene } from '../simulation/scene.ts';
import { merchantIdOf } from './identifiers.ts';

/** A piece of a line that comes again and again, ready as bytes, with one hole to be written over. */
export interface LineFragment {
  readonly bytes: Uint8Array;
  readonly holeAt: number;
}

/** How many different answers there can be. */
const ANSWERS = [userAgents, threeDsResults, ecis, avsResults, cvvResults, responses].reduce(
  (count, codes) => count * codes.length,
  1,
);

/**
 * The pieces that lines are put together from, each made when it is first asked for.
 *
 *     head     by type and channel          hole: transaction_id, event_time behind it
 *     card     by product                   hole: card_id, pan_last4 behind it
 *     merchant by merchant                  no hole
 *     city     by city                      hole: terminal_id
 *     currency by the merchant's country    no hole
 *     entry    by card country and entry    no hole
 *     answer   by all its fields            hole: stan, then rrn and auth_code
 *     end      by verification and original hole: original_transaction_id, if there is one
 *
 * A piece is cut from the JSON of its fields, so that names and escapes are JSON's own.
 */
export class LineFragments {
  readonly #scene: Scene;
  readonly #heads: LineFragment[] = [];
  readonly #cards: LineFragment[] = [];
  readonly #merchants: LineFragment[] = [];
  readonly #cities: LineFragment[] = [];
  readonly #ends: LineFragment[] = [];
  readonly #currencies: LineFragment[] = [];
  readonly #entries: LineFragment[] = [];
  readonly #answers = new Array<LineFragment | undefined>(ANSWERS);

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  head({ type, channel: used }: TransactionDraft): LineFragment {
    return this.#heads[type * channels.length + used] ?? this.#newHead(type, used);
  }

  card({ card }: TransactionDraft): LineFragment {
    const product = this.#scene.cards.product[card] as number;
    return this.#cards[product] ?? this.#newCard(product);
  }

  merchant({ merchant }: TransactionDraft): LineFragment {
    return this.#merchants[merchant] ?? this.#newMerchant(merchant);
  }

  city(city: number): LineFragment {
    return this.#cities[city] ?? this.#newCity(city);
  }

  end({ cvm, original }: TransactionDraft): LineFragment {
    const index = cvm * 2 + (original >= 0 ? 1 : 0);
    return this.#ends[index] ?? this.#newEnd(cvm, original >= 0, index);
  }

  currency({ merchant }: TransactionDraft): LineFragment {
    const country = this.#scene.merchants.country[merchant] as number;
    return this.#currencies[country] ?? this.#newCurrency(country);
  }

  /** `isHidden`: without address and device, which most purchases in shops are. */
  entry(draft: TransactionDraft, isHidden: boolean): LineFragment {
    const { card, entryMode, channel: used } = draft;
    const country = this.#scene.cards.country[card] as number;
    const isPresent = used === channel.pos || used === channel.atm;
    const variant = (isPresent ? 2 : 0) + (isHidden ? 1 : 0);
    const index = (country * entryModes.length + entryMode) * 4 + variant;
    return this.#entries[index] ?? this.#newEntry(draft, isPresent, isHidden, index);
  }

  answer(draft: TransactionDraft): LineFragment {
    const { userAgent, threeDs, eci, avs, cvv } = draft;
    let index = (userAgent * threeDsResults.length + threeDs) * ecis.length + eci;
    index = (index * avsResults.length + avs) * cvvResults.length + cvv;
    index = index * responses.length + draft.response;
    return this.#answers[index] ?? this.#newAnswer(draft, index);
  }

  #newHead(type: number, used: number): LineFragment {
    const made = clause('{', {
      schema_version: 2,
      transaction_id: HOLE.repeat(26),
      event_time: '0000-00-00T00:00:00.000Z',
      type: types[type],
      channel: channels[used],
    });
    this.#heads[type * channels.length + used] = made;
    return made;
  }

  #newCard(product: number): LineFragment {
    const { bin, brand, type, country } = cardProducts[product] ?? {};
    const made = clause(',', {
      card_id: `ct_${HOLE.repeat(13)}`,
      pan_bin: bin,
      pan_last4: '0000',
      card_brand: brand,
      card_type: type,
      card_country: countries[country ?? 0]?.code,
      account_age_days: OPEN,
    });
    this.#cards[product] = made;
    return made;
  }

  #newMerchant(merchant: number): LineFragment {
    const { merchants, key } = this.#scene;
    const made = clause(',', {
      merchant_id: merchantIdOf(merchant, key),
      merchant_name: merchants.name(merchant),
      mcc: merchantCategories[merchants.category[merchant] as number]?.mcc,
      merchant_country: countries[merchants.country[merchant] as number]?.code,
    });
    this.#merchants[merchant] = made;
    return made;
  }

  #newCity(city: number): LineFragment {
    const made = clause(',', {
      merchant_city: cities[city]?.name,
      terminal_id: HOLE.repeat(8),
      amount_minor: OPEN,
    });
    this.#cities[city] = made;
    return made;
  }

  #newEnd(cvm: number, hasOriginal: boolean, index: number): LineFragment {
    const made = clause(',', {
      cvm: cvms[cvm],
      original_transaction_id: hasOriginal ? HOLE.repeat(26) : null,
    });
    this.#ends[index] = made;
    return made;
  }

  #newCurrency(country: number): LineFragment {
    const { currency } = countries[country] ?? {};
    const made = clause(',', { currency, billing_amount_minor: OPEN });
    this.#currencies[country] = made;
    return made;
  }

  #newEntry(
    draft: TransactionDraft,
    isPresent: boolean,
    isHidden: boolean,
    index: number,
  ): LineFragment {
    const country = this.#scene.cards.country[draft.card] as number;
    const made = clause(',', {
      billing_currency: countries[country]?.currency,
      pos_entry_mode: entryModes[draft.entryMode],
      card_present: isPresent,
      ...(isHidden ? { source_ip: null, device_id: null } : { source_ip: OPEN }),
    });
    this.#entries[index] = made;
    return made;
  }

  #newAnswer(draft: TransactionDraft, index: number): LineFragment {
    const made = clause(',', {
      user_agent_family: userAgents[draft.userAgent],
      three_ds: threeDsResults[draft.threeDs],
      eci: ecis[draft.eci],
      avs_result: avsResults[draft.avs],
      cvv_result: cvvResults[draft.cvv],
      response_code: responses[draft.response],
      stan: HOLE.repeat(6),
      rrn: '000000000000',
      auth_code: draft.response === response.approved ? '000000' : null,
    });
    this.#answers[index] = made;
    return made;
  }
}

/** A character that no name contains: it marks the hole. */
const HOLE = '\u007f';
/** A last value that is written behind the clause. */
const OPEN = 0;

/** The fields as JSON behind a start; a last value of `OPEN` is cut off. */
function clause(start: string, fields: Readonly<Record<string, unknown>>): LineFragment {
  const json = JSON.stringify(fields).slice(1, -1);
  const isOpen = Object.values(fields).at(-1) === OPEN;
  // Buffers made from text share pools, so that the clauses lie close together in memory.
  const bytes = Buffer.from(start + (isOpen ? json.slice(0, -1) : json));
  return { bytes, holeAt: bytes.indexOf(HOLE.charCodeAt(0)) };
}
