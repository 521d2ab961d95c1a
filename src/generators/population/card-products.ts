/** What a bank issues: the first digits, the brand and the kind of card. */
export interface CardProduct {
  readonly bin: string;
  readonly brand: string;
  readonly type: 'credit' | 'debit' | 'prepaid';
  readonly weight: number;
}

/**
 * The products; a product is known by its place in this list.
 *
 * Only the first digits of test cards that payment providers publish (Stripe, Adyen, PayPal) are
 * used. Weights in percent are constants of this model.
 */
export const cardProducts: readonly CardProduct[] = [
  { bin: '411111', brand: 'visa', type: 'debit', weight: 32 },
  { bin: '424242', brand: 'visa', type: 'credit', weight: 20 },
  { bin: '400000', brand: 'visa', type: 'prepaid', weight: 3 },
  { bin: '520082', brand: 'mastercard', type: 'debit', weight: 16 },
  { bin: '555555', brand: 'mastercard', type: 'credit', weight: 15 },
  { bin: '510510', brand: 'mastercard', type: 'prepaid', weight: 2 },
  { bin: '222300', brand: 'mastercard', type: 'credit', weight: 4 },
  { bin: '378282', brand: 'amex', type: 'credit', weight: 5 },
  { bin: '601111', brand: 'discover', type: 'credit', weight: 3 },
];
