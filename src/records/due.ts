/** A record and the instant at which the plan wanted it sent, in epoch milliseconds UTC. */
export interface Due<T> {
  readonly dueAt: number;
  readonly record: T;
}
