/**
 * A kind of merchant.
 *
 * Units: `weight` share of transactions in percent; `usdMedian` and `sigma` of the lognormal amount;
 * `mix` percent of ecom, pos, atm, moto, recurring; `authOnlyShare` of card-present or ecom sales that
 * reserve an amount first.
 * Source: ISO 18245 for the codes. The numbers are constants of this model.
 */
export interface MerchantCategory {
  readonly mcc: string;
  readonly weight: number;
  readonly usdMedian: number;
  readonly sigma: number;
  readonly mix: readonly number[];
  readonly authOnlyShare: number;
}

const rows = `
  5411 19  32  0.9   8 92   0  0  0  0
  5814 13  11  0.55 12 88   0  0  0  0
  5812 11  28  0.7   6 94   0  0  0  0
  5541  8  38  0.55  0 100  0  0  0  0
  5542  5  40  0.5   0 100  0  0  0  0.6
  5912  5  24  0.8  10 90   0  0  0  0
  5651  4.5 58 0.8  50 50   0  0  0  0
  5311  4  55  0.9  30 70   0  0  0  0
  5999  4  35  0.9  60 38   0  2  0  0
  4111  4  4.5 0.7  15 85   0  0  0  0
  6011  3.5 90 0.6   0  0 100  0  0  0
  5815  3  11  0.6  60  0   0  0 40  0
  5732  2.5 120 1   55 43   0  2  0  0
  5816  2.5 15 0.8  85  0   0  0 15  0
  4899  2.5 16 0.6  10  0   0  0 90  0
  4121  2.5 17 0.6  65 35   0  0  0  0
  4814  2  40  0.6  30  5   0  5 60  0
  4900  2  95  0.6  35  0   0 10 55  0
  5942  1.5 22 0.7  65 35   0  0  0  0
  7997  1  45  0.5  10 25   0  0 65  0
  7011  0.9 210 0.8 55 40   0  5  0  0.4
  6300  0.8 110 0.7 15  0   0 15 70  0
  5947  0.8 50 0.8  55 45   0  0  0  0
  7995  0.7 30 1   100  0   0  0  0  0
  8398  0.6 25 0.9  70  5   0 10 15  0
  4511  0.6 310 0.8 90  4   0  6  0  0`;

/** The categories; a category is known by its place in this list. */
export const merchantCategories: readonly MerchantCategory[] = rows
  .trim()
  .split('\n')
  .map((row) => {
    const [mcc = '', ...numbers] = row.trim().split(/\s+/);
    const [weight = 0, usdMedian = 0, sigma = 0, ...rest] = numbers.map(Number);
    return { mcc, weight, usdMedian, sigma, mix: rest.slice(0, 5), authOnlyShare: rest[5] ?? 0 };
  });
