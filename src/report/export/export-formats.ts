import { printableLines } from '../../text/printable.ts';
import type { ReportDocument } from '../document/report-document.ts';
import { shownDocument } from '../document/shown-document.ts';
import { type ReportPageParts, reportPage } from '../html/report-page.ts';
import { csv } from './csv.ts';
import { emf } from './emf.ts';
import { hlog } from './hlog.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { prometheus } from './prometheus.ts';

/** The parts of a page are read only where there is a page. */
type Rendering = (document: ReportDocument, parts: () => ReportPageParts) => string;

const renderings: Readonly<Record<string, Rendering>> = {
  json: (document) => `${printableLines(JSON.stringify(document, undefined, 2))}\n`,
  html: (document, parts) => reportPage(shownDocument(document), parts()),
  xml: shown(junit),
  md: shown(markdown),
  csv: shown(csv),
  hlog: shown(hlog),
  prom: shown(prometheus),
  emf: shown(emf),
};

function shown(rendering: (document: ReportDocument) => string): Rendering {
  return (document) => rendering(shownDocument(document));
}

/** Returns the rendering for a file name; undefined for an unknown ending. */
export function renderingFor(path: string): Rendering | undefined {
  return renderings[/\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''];
}
