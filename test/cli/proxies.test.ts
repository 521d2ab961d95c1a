import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { modelBytes } from '../../dist/model/shipped-model.js';
import { started } from '../support/embedded.ts';
import { started as endpoint } from '../support/endpoints.ts';
import { fraudstream, local } from '../support/fraudstream.ts';
import {
  forwardProxy,
  type PrivateAuthority,
  privateAuthority,
  tlsFront,
} from '../support/outside-network.ts';

let authority: PrivateAuthority;
let plain: Readonly<Record<string, number>>;
let encrypted: Readonly<Record<string, number>>;
before(async () => {
  authority = privateAuthority();
  const kinesis = await started({ streams: { transactions: 1 } });
  const scoring = await endpoint('', { model: modelBytes() });
  plain = {
    'kinesis.test': Number(new URL(kinesis.url).port),
    'scoring.test': Number(new URL(scoring.url).port),
  };
  encrypted = {
    'kinesis.test': await tlsFront(kinesis.url, authority),
    'scoring.test': await tlsFront(scoring.url, authority),
  };
});

const count = ['--count', '300', '--rate', 'max', '--seed', '1'];
const score = ['score', ...count, '--batch-rows', '50'];
const commands: Readonly<Record<string, readonly string[]>> = {
  'produce kinesis': ['produce', ...count],
  'consume kinesis': ['consume', '--from', 'trim-horizon', '--idle-timeout', '1s'],
  'doctor kinesis': ['doctor'],
  'score scoring': [...score, '--endpoint-name', 'fraud'],
  'score-sdk scoring': [...score, '--endpoint-name', 'fraud', '--transport', 'sdk'],
};
const addresses = (scheme: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL_KINESIS: `${scheme}://kinesis.test`,
  AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: `${scheme}://scoring.test`,
});

for (const [name, args] of Object.entries(commands)) {
  const host = `${name.split(' ')[1]}.test`;
  test(`${name}: through CONNECT of HTTPS_PROXY, trusting AWS_CA_BUNDLE`, async () => {
    const proxy = await forwardProxy(encrypted, 'me:p@ss');
    const ended = await fraudstream(args, {
      ...local,
      ...addresses('https'),
      HTTPS_PROXY: `http://me:p%40ss@${proxy.host}`,
      AWS_CA_BUNDLE: authority.bundle,
    });
    assert.equal(ended.code, 0, ended.err + ended.out);
    assert.ok(proxy.tunnels.includes(host), proxy.tunnels.join());
  });

  test(`${name}: through HTTP_PROXY by whole addresses, without TLS`, async () => {
    const proxy = await forwardProxy(plain);
    const ended = await fraudstream(args, {
      ...local,
      ...addresses('http'),
      http_proxy: `http://${proxy.host}`,
    });
    assert.equal(ended.code, 0, ended.err + ended.out);
    assert.ok(proxy.forwarded.includes(host), proxy.forwarded.join());
  });
}

test('consume --reader efo goes through CONNECT with HTTP/2, and says why it cannot without TLS', async () => {
  const proxy = await forwardProxy(encrypted);
  const env = { ...local, HTTPS_PROXY: `http://${proxy.host}`, AWS_CA_BUNDLE: authority.bundle };
  const there = { ...env, ...addresses('https') };
  const produced = await fraudstream(['produce', ...count], there);
  assert.equal(produced.code, 0, produced.err);
  const reading = ['consume', '--reader', 'efo', '--from', 'trim-horizon', '--count', '300'];
  const consumed = await fraudstream(reading, there);
  assert.equal(consumed.code, 0, consumed.err);
  assert.equal(consumed.out.trim().split('\n').length, 300);
  const forwarding = await forwardProxy(plain);
  const http = { ...local, ...addresses('http'), HTTP_PROXY: `http://${forwarding.host}` };
  const refused = await fraudstream([...reading, '--connect-timeout', '1s'], http);
  assert.equal(refused.code, 78, refused.err);
  assert.match(refused.err, /HTTP\/2 without TLS does not go through the proxy.*NO_PROXY/);
});

test('score --url goes through the proxy, and --local never does', async () => {
  const proxy = await forwardProxy(encrypted);
  const env = {
    ...local,
    HTTPS_PROXY: `http://${proxy.host}`,
    HTTP_PROXY: 'http://127.0.0.1:1',
    AWS_CA_BUNDLE: authority.bundle,
  };
  const ended = await fraudstream([...score, '--url', 'https://scoring.test/score'], env);
  assert.equal(ended.code, 0, ended.err);
  assert.ok(proxy.tunnels.length > 0);
  const own = await fraudstream(['produce', ...count, '--local'], env);
  assert.equal(own.code, 0, own.err);
});

test('a certificate of an unknown authority ends at once with 69, and says what to set', async () => {
  const proxy = await forwardProxy(encrypted);
  for (const args of [commands['produce kinesis'], commands['score scoring']]) {
    const ended = await fraudstream(args ?? [], {
      ...local,
      ...addresses('https'),
      HTTPS_PROXY: `http://${proxy.host}`,
    });
    assert.equal(ended.code, 69, ended.err);
    assert.match(ended.err, /AWS_CA_BUNDLE or NODE_EXTRA_CA_CERTS/);
  }
});

test('a bundle that is none is refused with its path', async () => {
  const env = { ...local, ...addresses('https'), AWS_CA_BUNDLE: '/nonexistent.pem' };
  for (const args of [commands['produce kinesis'], commands['score scoring']]) {
    const ended = await fraudstream(args ?? [], env);
    assert.equal(ended.code, 78, ended.err);
    assert.match(ended.err, /AWS_CA_BUNDLE.*\/nonexistent\.pem/);
  }
});

test('a proxy that wants a password is named, without the one that was given', async () => {
  const proxy = await forwardProxy(encrypted, 'me:right');
  const ended = await fraudstream(commands['produce kinesis'] ?? [], {
    ...local,
    ...addresses('https'),
    HTTPS_PROXY: `http://me:wrongsecret@${proxy.host}`,
    AWS_CA_BUNDLE: authority.bundle,
  });
  assert.equal(ended.code, 69, ended.err);
  assert.match(ended.err, new RegExp(`407.*proxy ${proxy.host}`));
  assert.doesNotMatch(ended.err, /wrongsecret/);
});

test('NO_PROXY is obeyed', async () => {
  const proxy = await forwardProxy(encrypted);
  const ended = await fraudstream(commands['produce kinesis'] ?? [], {
    ...local,
    ...addresses('https'),
    HTTPS_PROXY: `http://${proxy.host}`,
    NO_PROXY: '.test',
  });
  assert.equal(ended.code, 69, ended.err);
  assert.equal(proxy.tunnels.length, 0);
});
