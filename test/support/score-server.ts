import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { numbersIn, scoreOf } from './scored.ts';

/** How a request is answered that holds these transactions. */
export type Treatment = (
  numbers: readonly number[],
  request: IncomingMessage,
  response: ServerResponse,
) => void;

/** A scoring endpoint that treats requests as told, on loopback. */
export interface ScoreServer {
  readonly url: string;
  readonly port: number;
  requests(): number;
  treat(treatment: Treatment): void;
  close(): Promise<void>;
}

/** The scores of the transactions, as SageMaker's XGBoost container writes them. */
export const well: Treatment = (numbers, _request, response) => {
  response.setHeader('content-type', 'text/csv; charset=utf-8');
  response.setHeader('x-amzn-invoked-production-variant', 'AllTraffic');
  response.end(`${numbers.map(scoreOf).join('\n')}\n`);
};

/** An error as SageMaker words it. */
export const refusal =
  (status: number, name: string, body: object): Treatment =>
  (_numbers, _request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': name });
    response.end(JSON.stringify(body));
  };

export const reset: Treatment = (_numbers, request) => void request.socket.destroy();
export const hang: Treatment = () => undefined;
export const text =
  (body: string): Treatment =>
  (_numbers, _request, response) => {
    response.setHeader('content-type', 'text/csv');
    response.end(body);
  };

export async function scoreServer(first: Treatment = well, port = 0): Promise<ScoreServer> {
  let treatment = first;
  let count = 0;
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      count += 1;
      treatment(numbersIn(Buffer.concat(chunks)), request, response);
    });
    request.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}`,
    port: taken,
    requests: () => count,
    treat: (next) => {
      treatment = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
