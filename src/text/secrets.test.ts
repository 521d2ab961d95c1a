import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secrets } from './secrets.ts';

const redacted = (text: string): string => new Secrets().redacted(text);

test('what a URL carries of secrets is redacted in any text, the rest stays', () => {
  assert.equal(redacted('at https://u:p%40ss@host:1/a?b=c'), 'at https://***@host:1/a?b=c');
  assert.equal(redacted('http://token@host/'), 'http://***@host/');
  const query =
    '?model=a&X-Amz-Signature=abc&X-Amz-Security-Token=d%2Fe&access_token=f&sig=g&key=h#id_token=i';
  assert.equal(
    redacted(`http://h/${query}`),
    'http://h/?model=a&X-Amz-Signature=***&X-Amz-Security-Token=***&access_token=***&sig=***&key=***#id_token=***',
  );
});

test('fields and headers that hold secrets are redacted, sentences about them are not', () => {
  assert.equal(redacted('x-api-key: abc, accept: text/csv'), 'x-api-key: ***, accept: text/csv');
  assert.equal(redacted('{"authorization":"Bearer abc"}'), '{"authorization":"***"}');
  assert.equal(redacted('Credential=AKID/x, Signature=0a1b'), 'Credential=***, Signature=***');
  for (const text of [
    'There are no credentials: set AWS_ACCESS_KEY_ID.',
    'the token is too old',
    'partition_key must not be empty',
    'correlation.missing > 0: it is 3',
    'a@b.c',
  ]) {
    assert.equal(redacted(text), text);
  }
});

test('known secrets are redacted in every form, also where a text was cut within one', () => {
  const secrets = new Secrets();
  secrets.add('a b/c+secret');
  secrets.addUrl('https://me:p%2Fssword@host/?token=thetoken&model=m');
  assert.equal(secrets.redacted('x a b/c+secret y a%20b%2Fc%2Bsecret'), 'x *** y ***');
  assert.equal(secrets.redacted('p/ssword p%2Fssword thetoken m'), '*** *** *** m');
  assert.equal(secrets.redacted('refused theto...'), 'refused ***...');
  secrets.add('abc', undefined, '');
  assert.equal(secrets.redacted('abc'), 'abc', 'what is as short as a word is not looked for');
});

test('what was redacted stays as it is, and so does JSON', () => {
  const secrets = new Secrets();
  secrets.add('thesecret');
  const document = { text: 'x-api-key: thesecret"', list: ['http://a:b@c'], number: 1, none: null };
  const once = secrets.redactedTexts(document);
  assert.deepEqual(once, {
    text: 'x-api-key: ***"',
    list: ['http://***@c'],
    number: 1,
    none: null,
  });
  assert.deepEqual(secrets.redactedTexts(once), once);
});

test('a long hostile text takes no long time', () => {
  for (const part of ['a', 'token', '-a', '?token', 'a://', 'authorization:', 'bearer ', '&a=']) {
    const text = part.repeat(200_000 / part.length);
    assert.ok(redacted(text).length <= text.length * 2);
  }
});

test('the key of the emulators of this machine and the name of a variable are no secrets', () => {
  const secrets = new Secrets();
  const lines = [
    'export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local',
    'curl -H "x-api-key: $API_KEY" -H "x-amz-security-token: $AWS_SESSION_TOKEN"',
  ];
  for (const line of lines) assert.equal(secrets.redacted(line), line);
  assert.equal(secrets.redacted('AWS_SECRET_ACCESS_KEY=locally-made'), 'AWS_SECRET_ACCESS_KEY=***');
});
