import { IdTable } from './id-table.ts';

const FIRST_ROOM = 1024;

/** Whether verdicts come in the order in which the transactions of their card were sent. */
export class CardOrder {
  readonly #cards = new IdTable();
  /** By card: transactions sent, and the highest place among them that a verdict came for. */
  #sent = new Uint32Array(FIRST_ROOM);
  #highest = new Uint32Array(FIRST_ROOM);

  /** The number of a card, for the other calls. */
  cardOf(cardId: string): number {
    const card = this.#cards.findOrAdd(cardId);
    if (card >= this.#sent.length) {
      this.#sent = twice(this.#sent);
      this.#highest = twice(this.#highest);
    }
    return card;
  }

  /** The place, counted from 1, of the next transaction of a card. */
  next(card: number): number {
    const place = (this.#sent[card] as number) + 1;
    this.#sent[card] = place;
    return place;
  }

  /** A verdict came for this place; true where one for a later place of the card came before. */
  hasBeenPassed(card: number, place: number): boolean {
    if (place < (this.#highest[card] as number)) return true;
    this.#highest[card] = place;
    return false;
  }
}

function twice(from: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * from.length);
  larger.set(from);
  return larger;
}
