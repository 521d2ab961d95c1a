import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { StackLocation } from './client-config.ts';
import { stackOutputs } from './stack.ts';

/** What a CloudFormation on loopback answers next. */
let answer: { readonly status: number; readonly body: string } = { status: 200, body: '' };
let asked = '';
let server: Server;
let endpointUrl = '';

before(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  server = createServer(async (request, response) => {
    asked = '';
    for await (const chunk of request) asked += chunk;
    response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

function stack(outputs: Readonly<Record<string, string>>): string {
  const members = Object.entries(outputs).map(
    ([key, value]) =>
      `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>pipeline</StackName>
    <StackStatus>UPDATE_COMPLETE</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime>
    <Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}

const told = {
  InputStream: 'transactions',
  VerdictStream: 'verdicts',
  RejectStream: 'rejects',
  ScoreUrl: 'https://id.execute-api.eu-west-1.amazonaws.com/prod/score',
  Function: 'pipeline-scoring',
};
const timeouts = { requestTimeoutMs: 5_000, connectTimeoutMs: 5_000 };
const location = (): StackLocation => ({ region: 'eu-west-1', endpointUrl, ...timeouts });

test('a stack tells the names of its parts; what it has not is absent', async () => {
  answer = { status: 200, body: stack(told) };
  assert.deepEqual(await stackOutputs('pipeline', location()), {
    stackName: 'pipeline',
    status: 'UPDATE_COMPLETE',
    region: 'eu-west-1',
    inputStream: 'transactions',
    verdictStream: 'verdicts',
    rejectStream: 'rejects',
    labelStream: undefined,
    scoreUrl: told.ScoreUrl,
    endpointName: undefined,
    functionName: 'pipeline-scoring',
    application: undefined,
  });
  assert.match(asked, /Action=DescribeStacks.*StackName=pipeline/);
});

const error = (code: string, message: string): string =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

const refused: ReadonlyArray<readonly [title: string, status: number, body: string, object]> = [
  [
    'a stack that is not there',
    400,
    error('ValidationError', 'Stack with id pipeline does not exist'),
    { code: 'not-found', message: /no stack "pipeline".*docs\/deploy\.md/ },
  ],
  [
    'a role that may not',
    403,
    error('AccessDenied', 'not authorized'),
    { code: 'no-permission', message: /cloudformation:DescribeStacks/ },
  ],
  [
    'a stack of something else',
    200,
    stack({ Bucket: 'b' }),
    { code: 'bad-config', message: /UPDATE_COMPLETE\) has no output InputStream/ },
  ],
];
for (const [title, status, body, wanted] of refused) {
  test(`${title} is refused, and said what to do`, async () => {
    answer = { status, body };
    await assert.rejects(stackOutputs('pipeline', location()), wanted);
  });
}

test('a CloudFormation that is not there is unreachable', async () => {
  const nowhere = { ...timeouts, region: 'eu-west-1', endpointUrl: 'http://127.0.0.1:1' };
  await assert.rejects(stackOutputs('pipeline', nowhere), { code: 'unreachable' });
});
