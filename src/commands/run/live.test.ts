import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Session } from '../../pipeline-test/session.ts';
import { Secrets } from '../../text/secrets.ts';
import { sessionLive } from './live.ts';

test('the live page and its JSON are without secrets, and harmless', async () => {
  const session = new Session({
    ...{ lateAfterMs: 1_000, forgetAfterMs: 60_000, isOrdered: true, isAlone: true, warmUpMs: 0 },
    ...{ isPaced: true, stages: undefined, threshold: undefined, parityTolerance: 0 },
    costs: { missedFraud: 1, falseAlarm: 1 },
  });
  session.start(0);
  session.rejected('t1', 'the endpoint said \u001b[31m\u202e<b> to CANARY-1001', true);
  const secrets = new Secrets();
  secrets.add('CANARY-1001');
  const setting = {
    name: 'url',
    value: 'http://u:CANARY-1002@h/?token=CANARY-1003',
    source: 'flag',
  };
  const silent = async (): Promise<void> => undefined;
  const err = { isTty: false, hasColours: false, columns: 80, isGone: false };
  const live = await sessionLive(session, 0, {
    clock: { now: () => 1_000, sleep: silent },
    err: { ...err, write: silent, print: silent },
    about: { configuration: [setting] },
    secrets,
  });
  assert.ok(live);
  try {
    for (const path of ['report.html', 'report.json']) {
      const text = await (await fetch(`${live.url}${path}`)).text();
      const shown = text.replace(/<(script|style)>[\s\S]*?<\/\1>/g, '');
      assert.doesNotMatch(shown, /CANARY/, path);
      assert.match(shown, /the endpoint said \\u001b\[31m\\u202e/, path);
      assert.doesNotMatch(shown, /(?![\n\r\t])[\p{Cc}\p{Bidi_Control}]/u, path);
    }
  } finally {
    await live.close();
  }
});
