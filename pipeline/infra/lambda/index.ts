import { readFileSync } from 'node:fs';
import type {
  ApiAdapter,
  ApiAnswer,
  ApiOutcome,
} from '../../../dist/emulators/sagemaker/api/api-adapter.js';
import { gatewayApi } from '../../../dist/emulators/sagemaker/api/gateway-api.js';
import { sageMakerApi } from '../../../dist/emulators/sagemaker/api/sagemaker-api.js';
import { Container } from '../../../dist/emulators/sagemaker/container/container.js';
import { loadModel } from '../../../dist/model/model.js';

/** What API Gateway hands to a function, as far as it is read. Source: Lambda proxy integration, input format. */
export interface ProxyEvent {
  readonly httpMethod: string;
  readonly headers: Readonly<Record<string, string | undefined>> | null;
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
  readonly requestContext: { readonly requestId: string };
}

/** What it makes an answer of. */
export interface ProxyResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const PATH = '/score';
const region = process.env.AWS_REGION ?? 'us-east-1';
const name = process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'fraud';
// Read once, while the sandbox is made: no request pays for it but the first.
const model = loadModel(readFileSync(new URL('./model.ubj', import.meta.url)));
const container = new Container(model);
const adapter: ApiAdapter = gatewayApi({
  apiKeys: [],
  timeoutMs: Number.POSITIVE_INFINITY,
  behind: sageMakerApi({
    ...{ name, region, variants: ['AllTraffic'], inferenceComponents: [] },
    modelVersion: model.version,
  }),
});

/** Scores what `POST /score` was sent: the endpoint of `fraudstream up` without its server. */
export async function handler(event: ProxyEvent): Promise<ProxyResult> {
  const headers = Object.fromEntries(
    Object.entries(event.headers ?? {}).map(([key, value]) => [key.toLowerCase(), value]),
  );
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  const request = { method: event.httpMethod, path: PATH, query: '', headers, body };
  const outcome: ApiOutcome =
    adapter.refuse(request) ?? container.invoke(adapter.invocation(request));
  return resultOf(adapter.answer(outcome, request, event.requestContext.requestId));
}

/** Names and values in turn become a record; API Gateway writes the id of the request itself. */
function resultOf({ status, headers, body }: ApiAnswer): ProxyResult {
  const record: Record<string, string> = {};
  for (let at = 0; at < headers.length; at += 2) record[headers[at] ?? ''] = headers[at + 1] ?? '';
  delete record['x-amzn-RequestId'];
  return { statusCode: status, headers: record, body };
}
