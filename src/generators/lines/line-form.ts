import { labelFields, truthFields } from '../../records/label.ts';
import { transactionFields } from '../../records/transaction.ts';

/** How transactions and their labels stand in text: `sidecar` gives the labels a track of their own. */
export interface LineForm {
  readonly format: 'ndjson' | 'csv';
  readonly labels: 'none' | 'inline' | 'sidecar';
}

/** The fields of each track, in order. */
export function fieldsOf({ labels }: Pick<LineForm, 'labels'>): readonly (readonly string[])[] {
  if (labels === 'none') return [transactionFields];
  if (labels === 'inline') return [[...transactionFields, ...truthFields]];
  return [transactionFields, labelFields];
}

/** What each track begins with, before the first transaction. */
export function headersOf(form: LineForm): readonly string[] {
  return fieldsOf(form).map((fields) => (form.format === 'csv' ? `${fields.join(',')}\r\n` : ''));
}
