import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Runtime, Writer } from '../../cli/runtime.ts';
import { Session } from '../../pipeline-test/session.ts';
import type { ReportDocument } from '../../report/document/report-document.ts';
import { Secrets } from '../../text/secrets.ts';
import { observed } from './observed.ts';

/** A runtime of which only the time and the outputs are used. */
function runtimeWith(secrets: Secrets): { readonly runtime: Runtime; readonly lines: string[] } {
  const lines: string[] = [];
  const silent = async (): Promise<void> => undefined;
  const err: Writer = {
    ...{ isTty: false, hasColours: false, columns: 80, isGone: false, write: silent },
    print: async (...texts) => void lines.push(...texts),
  };
  const setting = {
    ...{ name: 'url', source: 'flag', value: 'http://u:CANARY-1002@h/?token=CANARY-1003' },
  };
  const about = { configuration: [setting] };
  const used = { clock: { now: () => 1_000, sleep: silent }, env: {}, err, about, secrets };
  return { runtime: used as unknown as Runtime, lines };
}

const urlOf = (lines: readonly string[], name: string): string =>
  lines.find((line) => line.startsWith(name))?.replace(/^.* /, '') ?? '';

test('the live page, its JSON and the metrics are without secrets, and harmless', async () => {
  const session = new Session({
    ...{ lateAfterMs: 1_000, forgetAfterMs: 60_000, isOrdered: true, isAlone: true, warmUpMs: 0 },
    ...{ isPaced: true, stages: undefined, threshold: undefined, parityTolerance: 0 },
    costs: { missedFraud: 1, falseAlarm: 1 },
  });
  session.start(0);
  session.rejected('t1', 'the endpoint said \u001b[31m\u202e<b> to CANARY-1001', true);
  const secrets = new Secrets();
  secrets.add('CANARY-1001');
  const { runtime, lines } = runtimeWith(secrets);
  await observed('run', { live: 0, metrics: 0, otlp: undefined }, runtime, async (observers) => {
    const moment = () => ({ done: 1, text: '1 sent' });
    observers.watch({ figures: () => session.summary(1_000), newMoment: () => moment, total: 4 });
    const live = urlOf(lines, 'Live');
    for (const path of ['report.html', 'report.json']) {
      const text = await (await fetch(`${live}${path}`)).text();
      const shown = text.replace(/<(script|style)>[\s\S]*?<\/\1>/g, '');
      assert.doesNotMatch(shown, /CANARY/, path);
      assert.match(shown, /the endpoint said \\u001b\[31m\\u202e/, path);
      assert.doesNotMatch(shown, /(?![\n\r\t])[\p{Cc}\p{Bidi_Control}]/u, path);
    }
    const metrics = await (await fetch(urlOf(lines, 'Metrics'))).text();
    assert.doesNotMatch(metrics, /CANARY/);
    assert.match(metrics, /^fraudstream_progress_ratio\{command="run"\} 0.25$/m);
    assert.match(metrics, /^fraudstream_delivery_sent\{command="run"\} 0$/m);
  });
});

test('at the end those who listen get the verdict, and the page of the report', async () => {
  const { runtime, lines } = runtimeWith(new Secrets());
  let ended: Promise<string> | undefined;
  let url = '';
  await observed(
    'run',
    { live: 0, metrics: undefined, otlp: undefined },
    runtime,
    async (_, watched) => {
      url = urlOf(lines, 'Live');
      const events = await fetch(`${url}events`);
      ended = events.text();
      // What a page does: it fetches the report when it hears of the end.
      void ended.then(() => fetch(`${url}report.html`)).catch(() => undefined);
      const outcome = { passed: false, exit_code: 99, reasons: ['matched < 100%: it is 98 %'] };
      const report: ReportDocument = { schema_version: 2, command: 'run', outcome };
      watched.onReport?.(report);
    },
  );
  const events = await ended;
  assert.match(events ?? '', /data: starting\n/);
  assert.match(
    events ?? '',
    /event: end\ndata: Failed, exit code 99: matched < 100%: it is 98 %\n\n$/,
  );
  await assert.rejects(fetch(url));
});

test('a run that is not watched opens nothing', async () => {
  const { runtime, lines } = runtimeWith(new Secrets());
  const values = { live: undefined, metrics: undefined, otlp: undefined };
  await observed('run', values, runtime, async (_, same) => assert.equal(same, runtime));
  assert.deepEqual(lines, []);
});
