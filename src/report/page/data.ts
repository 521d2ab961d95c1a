/// <reference path="../../../node_modules/uplot/dist/uPlot.d.ts" />
// The scripts of this folder run in the page, one after the other in the order of page-parts.ts: no modules.

type ChartLine = import('../html/charts.ts').ChartLine;
type Unit = import('../html/charts.ts').Unit;
type Chart = import('../html/charts.ts').Chart;
type ScoreBins = import('../html/charts.ts').ScoreBins;
type PageData = import('../html/charts.ts').PageData;

/** The mark that follows the threshold, by what a chart follows. */
type Marks = Readonly<
  Record<NonNullable<Chart['follows']>, { readonly x: number; readonly y?: number }>
>;

const pageData: PageData = JSON.parse(document.getElementById('data')?.textContent ?? '{}');
