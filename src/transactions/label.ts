import {
  checker,
  type Field,
  instant,
  optional,
  type Problem,
  problems,
  required,
  text,
  yesOrNo,
} from './field-checks.ts';

/**
 * The truth about one transaction; never part of what a pipeline under test can see.
 *
 * `fraud_scenario`, `campaign_id` and `reported_at` are null for a genuine transaction. `merchant_id`
 * and `terminal_id` are there so that who learns of a fraud need not remember the transaction, as in a chargeback.
 * Units: `reported_at`, when the fraud became known, RFC 3339 UTC with milliseconds.
 */
export interface Label {
  readonly transaction_id: string;
  readonly is_fraud: boolean;
  readonly fraud_scenario?: string | null;
  readonly campaign_id?: string | null;
  readonly reported_at?: string | null;
  readonly merchant_id?: string | null;
  readonly terminal_id?: string | null;
}

/** The fields in the order of the wire, each with its check. */
const fields: Readonly<Record<keyof Label, Field>> = {
  transaction_id: required(text(64)),
  is_fraud: required(yesOrNo),
  fraud_scenario: optional(text(64)),
  campaign_id: optional(text(64)),
  reported_at: optional(instant),
  merchant_id: optional(text(64)),
  terminal_id: optional(text(64)),
};

const checked = checker(fields);

/** The names of the fields, in the order of the wire. */
export const labelFields: readonly (keyof Label)[] = Object.keys(fields) as (keyof Label)[];

/** The fields that hold the truth: what stands beside a transaction in a file with inline labels. */
export const truthFields: readonly string[] = [
  'is_fraud',
  'fraud_scenario',
  'campaign_id',
  'reported_at',
];

/** Returns the label as one line of JSON without its newline. */
export function labelLine(label: Label): string {
  return JSON.stringify(label, labelFields as string[]);
}

/** Returns the label in a parsed JSON value, or the first reason why it is none. */
export function parseLabel(
  value: unknown,
): { readonly label: Label } | { readonly problem: Problem } {
  const result = checked(value);
  if ('problem' in result) return result;
  // Every field of the record has passed its check.
  return { label: result.record as unknown as Label };
}

/** Returns every reason why a parsed JSON value is no label. */
export function labelProblems(value: unknown): readonly Problem[] {
  return problems(fields, value);
}

/** Returns the check of one field: what is wrong with a value that is there, or `undefined`. */
export function labelFieldFault(field: string): Field['check'] {
  return fields[field as keyof Label].check;
}

/** Returns the label in a record that has it beside the fields of a transaction. */
export function labelIn(
  found: Readonly<Record<string, unknown>>,
  {
    transaction_id,
    merchant_id,
    terminal_id,
  }: Pick<Label, 'transaction_id' | 'merchant_id' | 'terminal_id'>,
): Label | undefined {
  if (typeof found.is_fraud !== 'boolean') return undefined;
  if (!found.is_fraud && !truthFields.some((name) => typeof found[name] === 'string')) {
    return { transaction_id, is_fraud: false };
  }
  const others = truthFields.filter((name) => typeof found[name] === 'string');
  return {
    transaction_id,
    is_fraud: found.is_fraud,
    ...Object.fromEntries(others.map((name) => [name, found[name]])),
    ...(found.is_fraud && merchant_id && { merchant_id }),
    ...(found.is_fraud && terminal_id && { terminal_id }),
  };
}
