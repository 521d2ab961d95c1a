/** One suspicious transaction, its reasons in words of the features. */
export interface Suspect {
  readonly transactionId: string;
  readonly cardId: string;
  readonly score: number;
  /** Absent where the truth is not known. */
  readonly isFraud?: boolean | undefined;
  readonly reasons: readonly { readonly feature: string; readonly value: number | string }[];
}

/** The suspicious transactions, one a line, the truth behind those that are known. */
export function suspectsText(suspects: readonly Suspect[]): readonly string[] {
  if (suspects.length === 0) return [];
  const title = `  Most suspicious  score  truth    why`;
  return [title, ...suspects.map(line)];
}

function line({ transactionId, score, isFraud, reasons }: Suspect): string {
  const truth = isFraud === undefined ? '-' : isFraud ? 'fraud' : 'genuine';
  const why = reasons.map(({ feature, value }) => `${feature} ${short(value)}`).join(', ');
  return `  ${transactionId.slice(0, 15).padEnd(15)}  ${score.toFixed(3)}  ${truth.padEnd(7)}  ${why}`;
}

function short(value: number | string): string {
  if (typeof value === 'string') return value;
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
}
