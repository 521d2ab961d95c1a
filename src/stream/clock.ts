/**
 * Time as the rooms see it; `main` hands in the real one, tests a fake.
 *
 * Units: epoch milliseconds UTC with fractions, never going backwards within a process.
 */
export interface Clock {
  now(): number;
  /** Resolves after `ms` milliseconds, or at once when `signal` aborts (it never rejects). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
