/** Share of fraud among the transactions of life; the default is ten times as much. Source: docs/world.md. */
export const REAL_FRAUD_RATE = 0.0002;
