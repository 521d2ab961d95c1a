import { FraudstreamError } from '../../errors.ts';
import { answerJson } from '../../http/loopback-server.ts';
import type { Clock } from '../../stream/clock.ts';
import { parseJson } from '../../text/parse-json.ts';
import { OWN_BODY_BYTES } from '../kinesis/limits.ts';
import { CONTAINER_BYTES } from './container/container.ts';
import type { EndpointFault } from './faults/fault.ts';
import { endpointFaultText, parseEndpointFaults } from './faults/fault-text.ts';
import type { AdminRoutes } from './server.ts';
import type { EndpointService } from './service.ts';

type Route = (service: EndpointService, clock: Pick<Clock, 'now'>, body: Buffer) => unknown;

/** Source: execution_parameters in serve.py. */
const executionParameters = {
  MaxConcurrentTransforms: 1,
  BatchStrategy: 'MULTI_RECORD',
  MaxPayloadInMB: CONTAINER_BYTES / 1_048_576,
};

const routes: Readonly<Record<string, Route>> = {
  'GET /ping': () => '',
  'GET /execution-parameters': () => executionParameters,
  'GET /_fraudstream/statistics': (service) => service.statistics(),
  'GET /_fraudstream/faults': ({ injector }) => injector.faults.map(endpointFaultText),
  'POST /_fraudstream/faults'({ injector }, clock, body) {
    injector.set(faultsOf(body.toString('utf8')), clock.now());
    return injector.faults.map(endpointFaultText);
  },
};

/** Answers what is not to be scored: the health check of the container, faults to set, statistics to read. */
export function adminRoutes(service: EndpointService, clock: Pick<Clock, 'now'>): AdminRoutes {
  return (method, path, body, response) => {
    const key = `${method} ${path}`;
    const route = Object.hasOwn(routes, key) ? routes[key] : undefined;
    if (!route) return answerJson(response, 404, { message: 'Unknown. See docs/endpoint.md.' });
    if (body.length > OWN_BODY_BYTES) {
      return answerJson(response, 413, { message: `Send at most ${OWN_BODY_BYTES} bytes.` });
    }
    try {
      answerJson(response, 200, route(service, clock, body));
    } catch (error) {
      if (!(error instanceof FraudstreamError)) throw error;
      answerJson(response, 400, { message: error.message });
    }
  };
}

/** A JSON list of faults, or one text as on the command line. All or none: the old ones stay when one is wrong. */
function faultsOf(text: string): readonly EndpointFault[] {
  const written = listOf(text);
  if (!Array.isArray(written)) return parseEndpointFaults(String(written));
  return written.flatMap((one: unknown) =>
    parseEndpointFaults(typeof one === 'string' ? one : JSON.stringify(one)),
  );
}

function listOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    // Not JSON: then it is the text itself.
    return text.trim();
  }
}
