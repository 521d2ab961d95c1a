import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportPageParts } from '../../commands/walks/reports/page-parts.ts';
import type { ReportDocument } from '../document/report-document.ts';
import { Generator, type LimitedBy } from '../generator.ts';
import { reportText } from '../report-text.ts';
import { snaked } from '../snake-case.ts';
import { githubAnnotations } from './github.ts';
import { renderingFor } from './rendered.ts';

function rendered(document: ReportDocument, ending: string): string {
  const rendering = renderingFor(`x.${ending}`);
  assert.ok(rendering);
  return rendering(document, reportPageParts);
}

function limited(by: LimitedBy): ReportDocument {
  const generator = { ...snaked(new Generator(true).summary()), limited_by: by };
  return { schema_version: 1, command: 'run', generator };
}

test('every form for people says that this machine was at its end, and none says so without need', () => {
  const told = (by: LimitedBy): readonly string[] => [
    ...['md', 'html', 'xml'].map((ending) => rendered(limited(by), ending)),
    reportText(limited(by)).join('\n'),
    githubAnnotations(limited(by)),
  ];
  for (const text of told('generator')) assert.match(text, /SATURATED: this machine could not/);
  for (const text of told('target')) assert.match(text, /held back: the target took no more/);
  for (const text of told('nothing')) assert.doesNotMatch(text, /SATURATED|held back|kept its/);
  const metric = /^fraudstream_generator_limited_by\{command="run",by="generator"\} 1$/m;
  assert.match(rendered(limited('generator'), 'prom'), metric);
});
