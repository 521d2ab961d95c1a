import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { PageParts } from './elements.ts';
import type { ReportPageParts } from './report-page.ts';

/** The scripts of the page, in the order in which they run. */
const scripts: readonly string[] = ['data', 'axes', 'charts', 'threshold', 'start'];

/** Reads style, script and chart library from the package: the page must need no network. */
export function pageParts(): PageParts {
  const { resolve } = createRequire(import.meta.url);
  return {
    style: asset('page.css'),
    script: scripts.map((name) => text(`../page/${name}.js`)).join('\n'),
    library: {
      script: readFileSync(resolve('uplot/dist/uPlot.iife.min.js'), 'utf8'),
      style: readFileSync(resolve('uplot/dist/uPlot.min.css'), 'utf8'),
    },
  };
}

/** As `pageParts`, with the map of the world. */
export function reportPageParts(): ReportPageParts {
  return { ...pageParts(), map: JSON.parse(asset('world-map.json')) };
}

function asset(name: string): string {
  return text(`../../../assets/${name}`);
}

function text(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}
