import type { Facts } from './facts.ts';
import type { Past } from './past.ts';

/** A feature that reads the past of a key; the window is that of the manifest. */
export type PastFeature = (past: Past, facts: Facts, windowMs: number) => number;
