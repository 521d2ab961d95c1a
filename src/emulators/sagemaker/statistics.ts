import { RequestCounts } from '../kinesis/statistics.ts';

/**
 * What the local endpoint has seen so far.
 *
 * `requests` are those to score, by whatever route; each ends in one of `answers` (by HTTP status) or, without an
 * answer, in `reset`, `truncated` or `gone` (the client left first). `rows` are those whose scores were sent;
 * `errors` are the errors that were, by the name of SageMaker, or `model` and the status of the container.
 */
export interface EndpointStatistics {
  readonly requests: number;
  readonly rows: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  readonly inFlight: number;
  readonly inFlightMost: number;
}

/** Counts requests from their arrival to their end. */
export class EndpointTally {
  readonly answers: RequestCounts = new RequestCounts();
  readonly errors: RequestCounts = new RequestCounts();
  readonly faults: RequestCounts = new RequestCounts();
  #requests = 0;
  #rows = 0;
  #inFlight = 0;
  #inFlightMost = 0;

  arrived(): void {
    this.#requests += 1;
    this.#inFlight += 1;
    if (this.#inFlight > this.#inFlightMost) this.#inFlightMost = this.#inFlight;
  }

  /** `how` is an HTTP status, `reset`, `truncated` or `gone`. */
  ended(how: string, rows = 0, error?: string): void {
    this.#inFlight -= 1;
    this.answers.add(how);
    this.#rows += rows;
    if (error !== undefined) this.errors.add(error);
  }

  statistics(): EndpointStatistics {
    return {
      requests: this.#requests,
      rows: this.#rows,
      answers: this.answers.all(),
      errors: this.errors.all(),
      faults: this.faults.all(),
      inFlight: this.#inFlight,
      inFlightMost: this.#inFlightMost,
    };
  }
}
