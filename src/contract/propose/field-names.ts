import type { PayloadField } from '../payload/field-format.ts';

/** How sure a guess is: names and values agree, one of them does, or it only may be so. */
export type Certainty = 'sure' | 'likely' | 'a guess';

/** Words of a name by which a field is known, the surest first. */
export type NameRanks = readonly (readonly [form: RegExp, certainty: Certainty])[];

/** Names of fields whose values are checked by the schema alone. */
export const plainNames: readonly (readonly [field: PayloadField, ranks: NameRanks])[] = [
  ['pan_bin', [[/\b(bin|iin)$|\b(card|pan|issuer) ?(bin|iin)\b/, 'sure']]],
  ['pan_last4', [[/\blast ?(4|four)\b|\bcard suffix$/, 'sure']]],
  ['mcc', [[/\b(mcc|merchant category( code)?|category code|sic code)$/, 'sure']]],
  ['card_present', [[/\bcard ?present$/, 'sure']]],
  ['pos_entry_mode', [[/\bentry mode$/, 'sure']]],
  ['three_ds', [[/\b(3 ?d ?s|three ?ds|3 ?d secure)\b/, 'likely']]],
  ['eci', [[/\beci$/, 'sure']]],
  ['avs_result', [[/\bavs\b/, 'likely']]],
  ['cvv_result', [[/\b(cvv|cvc) ?2? (result|response|match)\b/, 'sure']]],
  ['response_code', [[/\bresponse code$/, 'sure']]],
  ['auth_code', [[/\b(auth(ori[sz]ation)?|approval) code$/, 'sure']]],
  ['stan', [[/\b(stan|trace number)$/, 'sure']]],
  ['rrn', [[/\b(rrn|retrieval reference( number)?)$/, 'sure']]],
  ['account_age_days', [[/\b(account|customer) age days$/, 'sure']]],
  [
    'card_brand',
    [[/\b(card|payment method) (brand|network|scheme)$|^(brand|scheme|network)$/, 'sure']],
  ],
  ['terminal_id', [[/\b(terminal|pos|atm) ?(id|no|num(ber)?)$|\bterminal$|^tid$/, 'sure']]],
  [
    'merchant_city',
    [[/\b(merchant|store|shop|terminal)( location| address)? (city|town)$/, 'sure']],
  ],
  [
    'device_id',
    [
      [/\bdevice ?(id|fingerprint|hash|uuid)$|\bfingerprint$/, 'sure'],
      [/\bdevice$/, 'likely'],
    ],
  ],
  ['user_agent_family', [[/\b(browser|user agent family)( name)?$/, 'likely']]],
  ['merchant_name', [[/\b(merchant|store|shop|retailer|seller|vendor|acceptor) name$/, 'sure']]],
  [
    'merchant_id',
    [
      [/\b(merchant|card acceptor) ?(id(entifier)?|no|num(ber)?|key|code|ref)$|^mid$/, 'sure'],
      [/\b(merchant|store|shop|retailer|seller|vendor|acceptor)( ?(id|no))?$/, 'likely'],
      [/\b(name dest|payee|beneficiary|receiver|recipient|to account)( id)?$/, 'a guess'],
    ],
  ],
];

/** Names that say whose country it is. */
export const countryNames: readonly (readonly ['card_country' | 'merchant_country', RegExp])[] = [
  ['merchant_country', /\b(merchant|store|shop|terminal|acquirer|acceptor|seller)\b/],
  ['card_country', /\b(card|issuer|issuing|bin|billing|customer|holder|account|home|client)\b/],
];
export const COUNTRY = /\b(country|nation|ctry)( code)?( iso)?$/;

export const idNames: NameRanks = [
  [
    /\b(trans(action)?|tr[nx]|txn?|event|payment|auth(ori[sz]ation)?|order|charge) ?(id(entifier)?|num(ber)?|no|ref(erence)?|key|uuid|guid)$/,
    'sure',
  ],
  [/\b(end to end|request|record|message|correlation) ?(id|uuid|ref(erence)?)$/, 'likely'],
  [/^(id|uuid|guid|key|reference|rrn)$/, 'likely'],
  [/\b(id|uuid|guid|ref(erence)?|rrn)( ?(no|num(ber)?))?$/, 'a guess'],
];
/** An identifier that is of something else, however unique it is in a sample. */
export const OTHER_ID =
  /\b(card|cust(omer)?|user|account|acct|merchant|device|session|terminal|client|entity|parent|original|trace|span|batch|hash|email|ip|name)\b/;

export const cardNames: NameRanks = [
  [/\b(card|pan|cc) ?(id(entifier)?|token|hash|ref(erence)?|key|uuid|alias|fingerprint)$/, 'sure'],
  [/\b(cc|card|pan) ?(num(ber)?|no)$|\b(card|pan)$|\btoken$/, 'likely'],
  [/\b(account|acct|iban)( ?(id|num(ber)?|no|ref))?$|\bname orig$|\bfrom account\b/, 'likely'],
  [
    /\b(cust(omer)?|user|client|entity|payer|sender|debtor|member)( ?(id|no|num(ber)?))?$/,
    'a guess',
  ],
];

export const timeNames: NameRanks = [
  [
    /\b(event|trans(action)?|tr[nx]|txn?|auth(ori[sz]ation)?|payment|purchase|order) ?(at|on|ts|time( ?stamp)?|date( ?time)?|dt|instant)\b/,
    'sure',
  ],
  [/\b(unix|epoch)( ?time| ?ts| ?ms| ?seconds?| ?millis)?$/, 'sure'],
  [/\b(time ?stamp|ts|date ?time|occurred( at)?|created( at)?|when|at)$/, 'likely'],
  [/\b(time|date|instant)\b/, 'likely'],
];
/** Instants of something else. */
export const OTHER_TIME =
  /\b(birth|dob|expir\w*|valid|label|report\w*|chargeback|dispute\w*|updated|modified|processed|ingest\w*|received|arriv\w*|settle\w*|posted|decided|open(ed)?|signup|registered|last|previous|prev)\b/;
/** Numbers that count from an instant that nobody says. */
export const spanNames: readonly (readonly [RegExp, 'seconds' | 'hours' | 'days'])[] = [
  [/\b(transaction dt|time( seconds?)?|tx time seconds|seconds?|elapsed|t)$/, 'seconds'],
  [/\b(step|hours?)$/, 'hours'],
  [/\b(days?|tx time days|month)$/, 'days'],
];

export const amountNames: NameRanks = [
  [
    /\b(trans(action)?|tr[nx]|txn?|order|payment|purchase|auth(ori[sz]ation)?) ?(amount|amt|value|price|total|minor( units?)?|cents|amount cents)$/,
    'sure',
  ],
  [/\b(amount|amt)( ?(minor( units?)?|cents|value|units?))?$/, 'sure'],
  [/\b(price|total|value|sum|charge|minor( units?)?|cents)$/, 'likely'],
  [/\bamount\b|\bamt\b/, 'a guess'],
];
export const OTHER_AMOUNT =
  /\b(balance|old|new|fee|tax|tip|limit|count|avg|average|mean|max|min|velocity|previous|prev|last|discount|cashback|score|risk|name value)\b/;
export const BILLING = /\b(billing|cardholder|settlement)\b/;
export const MINOR = /\b(minor|cents?|pence)\b/;
export const CURRENCY = /\b(currency|ccy|curr|cur)( code)?$/;

export const fraudNames: NameRanks = [
  [/\bfraud(ulent)?( ?(bool|flag|label|ind(icator)?))?$/, 'sure'],
  [/\b(event label|label|chargeback|class|target|is bad)$/, 'likely'],
];
export const OTHER_FRAUD = /\b(flagged|score|scenario|type|probability|predicted|risk|rule)\b/;
export const SCENARIO = /\bfraud (scenario|type|kind|pattern)$/;
export const REPORTED =
  /\b(label ?(time ?stamp|time|date)|reported( at)?|chargeback ?(at|date|time)|report ?(date|time))$/;

export const IP = /\b(ip|addr(ess)?|host)\b/;
export const SERVER = /\b(server|dest(ination)?|proxy|gateway|load balancer|local)\b/;

/** The certainty by a name; undefined where it has none of these words. */
export function rankOf(words: string, ranks: NameRanks): Certainty | undefined {
  return ranks.find(([form]) => form.test(words))?.[1];
}
