import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import {
  type LocalEndpoint,
  type LocalEndpointSettings,
  startEndpoint,
} from '../../dist/emulators/sagemaker/endpoint.js';
import { parseEndpointFaults } from '../../dist/emulators/sagemaker/faults/fault-text.js';
import { fixtures } from './fraudstream.ts';

const running: LocalEndpoint[] = [];
after(() => Promise.all(running.map((endpoint) => endpoint.close())));

/** The small booster of the fixtures: four features. */
export const model: Uint8Array = readFileSync(join(fixtures, 'model', 'model.ubj'));
/** A row of it. */
export const ROW = '1,2,,0.5';

/** A running endpoint with the model of the fixtures; closed after the tests. */
export async function started(
  faults = '',
  settings: LocalEndpointSettings = {},
): Promise<LocalEndpoint> {
  const endpoint = await startEndpoint({ model, faults: parseEndpointFaults(faults), ...settings });
  running.push(endpoint);
  return endpoint;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly type: string | null;
}

export interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

/** One request, of one row to SageMaker's route unless told otherwise; rejects when no answer comes. */
export async function ask({ url, name }: LocalEndpoint, asked: Asked = {}): Promise<Answer> {
  const { method = 'POST', path = `/endpoints/${name}/invocations`, headers, body = ROW } = asked;
  const response = await fetch(url + path, {
    method,
    headers: { 'content-type': 'text/csv', ...headers },
    ...(method === 'POST' && { body }),
    ...(asked.signal && { signal: asked.signal }),
  });
  const text = await response.text();
  const type = response.headers.get('x-amzn-errortype');
  return { status: response.status, headers: response.headers, text, type };
}
