import type { Clock } from '../../stream/clock.ts';
import type { Bend, Container, ContainerAnswer } from './container/container.ts';
import {
  type Face,
  type FaceAnswer,
  type FaceRequest,
  isServiceError,
  type Outcome,
  serviceErrors,
} from './faces/face.ts';
import type { RequestFault } from './faults/fault.ts';
import type { EndpointTrouble, EndpointTroubles } from './faults/troubles.ts';
import { type EndpointStatistics, EndpointTally } from './statistics.ts';

/** What becomes of a request: after `delayMs` (never, if infinite) an answer, whole or not. */
export interface Served {
  readonly delayMs: number;
  readonly end: 'answer' | 'truncate' | 'reset';
  readonly answer: FaceAnswer;
  readonly rows: number;
}

const PLAIN = 'text/html; charset=utf-8';
const fromModel = (status: number, body: string): ContainerAnswer => ({
  status,
  type: PLAIN,
  body,
  rows: 0,
});
/** Status 0 says that none came. Source: aws/amazon-sagemaker-examples, issue 799. */
const timedOut = fromModel(
  0,
  'Your invocation timed out while waiting for a response from container primary.',
);
/** Faults that stand for an answer. */
const outcomes: Readonly<Partial<Record<RequestFault | 'not-ready', Outcome>>> = {
  throttle: serviceErrors.throttled,
  'not-ready': serviceErrors.notReady,
  http403: serviceErrors.denied,
  http500: serviceErrors.internal,
  http503: serviceErrors.unavailable,
  http530: serviceErrors.dependency,
  model400: fromModel(400, 'Unable to evaluate payload provided: a fault on request'),
  model500: fromModel(500, 'Internal Server Error'),
  'model-timeout': timedOut,
};

/** The endpoint without a network: requests in, answers out, with the troubles asked for. */
export class EndpointService {
  readonly troubles: EndpointTroubles;
  readonly tally: EndpointTally = new EndpointTally();
  readonly #container: Container;
  readonly #clock: Pick<Clock, 'now'>;
  #served = 0;

  constructor(container: Container, troubles: EndpointTroubles, clock: Pick<Clock, 'now'>) {
    this.#container = container;
    this.troubles = troubles;
    this.#clock = clock;
  }

  /** What becomes of a request with this body that arrives now at this face. */
  serve(face: Face, request: FaceRequest): Served {
    this.tally.arrived();
    const requestId = this.#requestId();
    const refusal = face.refuse(request);
    if (refusal) return this.#said(face, request, requestId, refusal);
    const trouble = this.troubles.ofRequest(this.#clock.now());
    if (trouble.fault) this.tally.faults.add(trouble.fault);
    const waitMs = trouble.fault === 'hang' ? Number.POSITIVE_INFINITY : trouble.delayMs;
    const isLate = waitMs > face.patienceMs;
    const outcome = isLate ? timedOut : this.#outcome(face, request, trouble);
    const said = this.#said(face, request, requestId, outcome);
    const delayMs = isLate ? face.patienceMs : waitMs;
    return { ...said, delayMs, end: endOf(trouble.fault) };
  }

  statistics(): EndpointStatistics {
    return this.tally.statistics();
  }

  #outcome(face: Face, request: FaceRequest, { fault }: EndpointTrouble): Outcome {
    const instead = fault && outcomes[fault];
    if (instead) return instead;
    const bend =
      fault === 'short' || this.troubles.bendsRows ? this.#bend(request, fault) : undefined;
    return this.#container.invoke(face.invocation(request), bend);
  }

  #bend(request: FaceRequest, fault: EndpointTrouble['fault']): Bend {
    return (scores, count) => {
      this.troubles.bend(scores, count, idsOf(request));
      return fault === 'short' ? count - 1 : count;
    };
  }

  #said(face: Face, request: FaceRequest, requestId: string, outcome: Outcome): Served {
    const isError = isServiceError(outcome);
    if (isError) this.tally.errors.add(outcome.type);
    else if (outcome.status >= 300 || outcome.status === 0)
      this.tally.errors.add(`model${outcome.status}`);
    const answer = face.answer(outcome, request, requestId);
    return { delayMs: 0, end: 'answer', answer, rows: isError ? 0 : outcome.rows };
  }

  /** As a UUID looks, and counted. */
  #requestId(): string {
    this.#served += 1;
    return `00000000-0000-4000-8000-${this.#served.toString(16).padStart(12, '0')}`;
  }
}

function endOf(fault: EndpointTrouble['fault']): Served['end'] {
  return fault === 'reset' || fault === 'truncate' ? fault : 'answer';
}

/** The ids of the rows, in their order, where a client sends them along. */
function idsOf({ headers }: FaceRequest): readonly string[] {
  const sent =
    headers['x-amzn-sagemaker-inference-id'] ?? headers['x-amzn-sagemaker-custom-attributes'];
  return String(sent ?? '')
    .split(',')
    .map((id) => id.trim());
}
