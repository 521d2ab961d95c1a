/** What tells one process from all others, a later one of the same number included. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in whatever unit the machine counts; empty where it does not say. */
  readonly startedAt: string;
  readonly host: string;
  /** Which start of the machine it belongs to; empty where the machine does not say. */
  readonly boot: string;
  /** Among which processes the number counts (containers have their own); empty where unknown. */
  readonly namespace: string;
}

/** The processes of this machine; `main` hands in the real ones. */
export interface Processes {
  readonly own: ProcessIdentity;
  /** When the process of this number started (see `startedAt`); `undefined` when there is none. */
  startOf(pid: number): string | undefined;
}
