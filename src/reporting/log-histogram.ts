/** Bins of each power of ten: neighbours differ by 2.3 %, which is how exact a quantile is. */
const PER_DECADE = 100;
/** From 0.001 to 10 million. */
const DECADES = 10;
const LOWEST = -3;

/** A histogram of positive amounts in bins of equal ratio: any number of them in 4 kB. */
export class LogHistogram {
  readonly #bins = new Uint32Array(PER_DECADE * DECADES);
  #count = 0;

  add(amount: number): void {
    const bin = Math.floor((Math.log10(amount) - LOWEST) * PER_DECADE);
    const place = amount > 0 ? Math.min(Math.max(bin, 0), this.#bins.length - 1) : 0;
    this.#bins[place] = (this.#bins[place] as number) + 1;
    this.#count += 1;
  }

  get count(): number {
    return this.#count;
  }

  /** The amount that a share of all does not exceed; NaN where there is none. */
  quantile(share: number): number {
    let left = share * this.#count;
    for (const [bin, count] of this.#bins.entries()) {
      left -= count;
      // The middle of the bin, on the scale of ratios.
      if (count > 0 && left <= 0) return lowerBound(bin + 0.5);
    }
    return Number.NaN;
  }

  /** Wider bins, some for each power of ten, from the first that is not empty to the last. */
  bins(perDecade: number): readonly { readonly from: number; readonly count: number }[] {
    const width = PER_DECADE / perDecade;
    const wide: { from: number; count: number }[] = [];
    for (let bin = 0; bin < this.#bins.length; bin += width) {
      const count = this.#bins.slice(bin, bin + width).reduce((sum, some) => sum + some, 0);
      wide.push({ from: lowerBound(bin), count });
    }
    const filled = wide.map(({ count }) => count > 0);
    return wide.slice(Math.max(filled.indexOf(true), 0), filled.lastIndexOf(true) + 1);
  }
}

function lowerBound(bin: number): number {
  return 10 ** (bin / PER_DECADE + LOWEST);
}
