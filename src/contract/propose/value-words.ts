import { currencies } from '../../transactions/currency.ts';
import type { PayloadField } from '../payload/field-format.ts';

/** Values of theirs and ours. */
export type ValuePairs = readonly (readonly [theirs: string, ours: string])[];

/** ISO 4217 numbers of currencies that are often seen. */
const currencyNumbers: Readonly<Record<string, string>> = {
  ...{ '840': 'USD', '978': 'EUR', '826': 'GBP', '392': 'JPY', '756': 'CHF', '356': 'INR' },
  ...{ '036': 'AUD', '124': 'CAD', '156': 'CNY', '986': 'BRL', '484': 'MXN', '752': 'SEK' },
  ...{ '578': 'NOK', '208': 'DKK', '985': 'PLN', '702': 'SGD', '344': 'HKD', '710': 'ZAR' },
  ...{ '949': 'TRY', '784': 'AED', '203': 'CZK', '348': 'HUF', '410': 'KRW', '414': 'KWD' },
};

const words: Readonly<Record<string, ReadonlyArray<readonly [RegExp, string]>>> = {
  channel: [
    [/subscri|recurr|instal|standing/, 'recurring'],
    [/\batm\b|cash ?machine/, 'atm'],
    [/\b(moto|mail|tele\w*|phone|call ?cent\w*)\b/, 'moto'],
    [/\b(e ?com\w*|web\w*|online|internet|card not present|cnp|app|mobile|api|net)\b/, 'ecom'],
    [
      /\b(pos|in ?store|store|shop|retail|chip|swiped?|contactless|card present|cp|terminal|branch)\b/,
      'pos',
    ],
  ],
  type: [
    [/refund|return|reversal|cash ?in|deposit|^credit$/, 'refund'],
    [/cash|withdraw/, 'cash_advance'],
    [/auth/, 'auth_only'],
    [/purchase|payment|sale|debit|transfer/, 'purchase'],
  ],
  card_type: [
    [/prepaid|gift/, 'prepaid'],
    [/debit/, 'debit'],
    [/credit|charge/, 'credit'],
  ],
};

const MOST_WORDS = 30;

/** Pairs for the values that are known, and how many are not; undefined where there is nothing to know. */
export function pairsOf(
  field: PayloadField,
  present: readonly string[],
): { readonly pairs: ValuePairs; readonly unknown: readonly string[] } | undefined {
  const distinct = [...new Set(present)];
  if (distinct.length === 0 || distinct.length > MOST_WORDS) return undefined;
  const found = distinct.map((theirs) => [theirs, ourValue(field, theirs)] as const);
  const unknown = found.flatMap(([theirs, ours]) => (ours === undefined ? [theirs] : []));
  const pairs = found.flatMap(([theirs, ours]) =>
    ours === undefined ? [] : [[theirs, ours] as const],
  );
  return { pairs, unknown };
}

function ourValue(field: PayloadField, theirs: string): string | undefined {
  if (field.endsWith('currency')) return currencyOf(theirs);
  if (field.endsWith('country')) {
    return /^[A-Za-z]{2}$/.test(theirs.trim()) ? theirs.trim().toUpperCase() : undefined;
  }
  const text = theirs
    .toLowerCase()
    .replace(/[_.-]+/g, ' ')
    .trim();
  return words[field]?.find(([form]) => form.test(text))?.[1];
}

function currencyOf(theirs: string): string | undefined {
  const code = theirs.trim().toUpperCase();
  return currencies.has(code) ? code : currencyNumbers[code.padStart(3, '0')];
}

const FRAUD = /^(1(\.0+)?|true|yes|y|t|f|fraud\w*|bad|chargeback|confirmed\w*)$/i;
const GENUINE = /^(0(\.0+)?|false|no|n|g|genuine|legit\w*|good|ok|clean|normal|non ?-?_?fraud)$/i;

/** What stands for a fraud and for a genuine transaction; undefined where values are something else. */
export function truthWords(
  present: readonly string[],
): { readonly fraud: readonly string[]; readonly genuine: readonly string[] } | undefined {
  const distinct = [...new Set(present)];
  const isPlainFalse = distinct.some((text) => /^(t|true)$/i.test(text)) && distinct.length <= 2;
  // An f is false beside a t, and fraud beside a g.
  const isGenuine = (text: string): boolean =>
    GENUINE.test(text) || (isPlainFalse && /^f(alse)?$/i.test(text));
  const genuine = distinct.filter(isGenuine);
  const fraud = distinct.filter((text) => !isGenuine(text) && FRAUD.test(text));
  const isWhole = fraud.length + genuine.length === distinct.length;
  return distinct.length > 0 && distinct.length <= 4 && isWhole ? { fraud, genuine } : undefined;
}
