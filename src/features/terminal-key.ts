/** Who names a terminal: a transaction, or the label of one. */
interface Terminal {
  readonly merchant_id?: string | null;
  readonly terminal_id?: string | null;
}

/**
 * The key of a terminal: terminals of two merchants may have the same number. `undefined` where no terminal is
 * named; a merchant that is unknown is one of its own.
 */
export function terminalKey({ merchant_id, terminal_id }: Terminal): string | undefined {
  if (!terminal_id) return undefined;
  // With its length before it, no two pairs give one key.
  return `${terminal_id.length}:${terminal_id}${merchant_id ?? ''}`;
}
