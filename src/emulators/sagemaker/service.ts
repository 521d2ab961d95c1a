import type { Clock } from '../../stream/clock.ts';
import {
  type ApiAdapter,
  type ApiAnswer,
  type ApiOutcome,
  type ApiRequest,
  isServiceError,
  type ServiceError,
  serviceErrors,
} from './api/api-adapter.ts';
import type { AnswerFault, Container, ContainerAnswer } from './container/container.ts';
import type { EndpointRequestFault } from './faults/fault.ts';
import type { EndpointFaultInjector, InjectedEndpointFault } from './faults/inject-faults.ts';
import type { Signatures } from './signature-check.ts';
import { type EndpointStatistics, EndpointTally } from './statistics.ts';

/** The outcome of a request: after `delayMs` (never, if infinite) an answer, whole or not. */
export interface Served {
  readonly delayMs: number;
  readonly end: 'answer' | 'truncate' | 'reset';
  readonly answer: ApiAnswer;
  readonly rows: number;
  /** The name of the error that it answers with. */
  readonly error: string | undefined;
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
const outcomes: Readonly<Partial<Record<EndpointRequestFault | 'not-ready', ApiOutcome>>> = {
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

/** What a service is made of; without `signatures` any is taken. */
export interface ServiceParts {
  readonly container: Container;
  readonly injector: EndpointFaultInjector;
  readonly signatures: Signatures | undefined;
  readonly clock: Pick<Clock, 'now'>;
}

/** The endpoint without a network: requests in, answers out, with the faults asked for. */
export class EndpointService {
  readonly injector: EndpointFaultInjector;
  readonly tally: EndpointTally = new EndpointTally();
  readonly #container: Container;
  readonly #signatures: Signatures | undefined;
  readonly #clock: Pick<Clock, 'now'>;
  #served = 0;

  constructor(parts: ServiceParts) {
    this.#container = parts.container;
    this.#signatures = parts.signatures;
    this.injector = parts.injector;
    this.#clock = parts.clock;
  }

  /** The outcome of a request that arrives now at this API. */
  serve(adapter: ApiAdapter, request: ApiRequest): Served {
    this.tally.arrived();
    const requestId = this.#requestId();
    const refusal = this.#unsigned(adapter, request) ?? adapter.refuse(request);
    if (refusal) return this.#result(adapter, request, requestId, refusal);
    const injected = this.injector.ofRequest(this.#clock.now());
    if (injected.fault) this.tally.faults.add(injected.fault);
    const waitMs = injected.fault === 'hang' ? Number.POSITIVE_INFINITY : injected.delayMs;
    const isLate = waitMs > adapter.timeoutMs;
    const outcome = isLate ? timedOut : this.#outcome(adapter, request, injected);
    const result = this.#result(adapter, request, requestId, outcome);
    const delayMs = isLate ? adapter.timeoutMs : waitMs;
    return { ...result, delayMs, end: endOf(injected.fault) };
  }

  statistics(): EndpointStatistics {
    return this.tally.statistics();
  }

  #unsigned({ service }: ApiAdapter, request: ApiRequest): ServiceError | undefined {
    return service === undefined ? undefined : this.#signatures?.refuse(request, service);
  }

  #outcome(adapter: ApiAdapter, request: ApiRequest, { fault }: InjectedEndpointFault): ApiOutcome {
    const instead = fault && outcomes[fault];
    if (instead) return instead;
    const answerFault =
      fault === 'short' || this.injector.bendsRows ? this.#answerFault(request, fault) : undefined;
    return this.#container.invoke(adapter.invocation(request), answerFault);
  }

  #answerFault(request: ApiRequest, fault: InjectedEndpointFault['fault']): AnswerFault {
    return (scores, count) => {
      this.injector.answerFault(scores, count, idsOf(request));
      return fault === 'short' ? count - 1 : count;
    };
  }

  #result(
    adapter: ApiAdapter,
    request: ApiRequest,
    requestId: string,
    outcome: ApiOutcome,
  ): Served {
    const answer = adapter.answer(outcome, request, requestId);
    const rows = isServiceError(outcome) ? 0 : outcome.rows;
    return { delayMs: 0, end: 'answer', answer, rows, error: errorOf(outcome) };
  }

  /** As a UUID looks, and counted. */
  #requestId(): string {
    this.#served += 1;
    return `00000000-0000-4000-8000-${this.#served.toString(16).padStart(12, '0')}`;
  }
}

function errorOf(outcome: ApiOutcome): string | undefined {
  if (isServiceError(outcome)) return outcome.type;
  return outcome.status >= 300 || outcome.status === 0 ? `model${outcome.status}` : undefined;
}

function endOf(fault: InjectedEndpointFault['fault']): Served['end'] {
  return fault === 'reset' || fault === 'truncate' ? fault : 'answer';
}

/** The ids of the rows, in their order, where a client sends them along. */
function idsOf({ headers }: ApiRequest): readonly string[] {
  const sent =
    headers['x-amzn-sagemaker-inference-id'] ?? headers['x-amzn-sagemaker-custom-attributes'];
  return String(sent ?? '')
    .split(',')
    .map((id) => id.trim());
}
