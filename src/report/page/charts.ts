const drawn = new Map<string, uPlot>();
const FONT = '12px system-ui, sans-serif';
/** Of x values that stand alone, such as the rates of a search, each is a point. */
const FEW_VALUES = 40;
/** A line is known by its dashes too, where colours are not seen or not printed. */
const dashes: Readonly<Record<ChartLine['colour'], readonly number[]>> = {
  mark: [],
  second: [9, 4],
  third: [2, 3],
  bad: [12, 3, 2, 3],
  good: [16, 5],
  quiet: [5, 4],
};
let marks: Marks | undefined;

function drawAll(): void {
  for (const chart of pageData.charts) draw(chart);
}

/** Moves the marks of the charts that follow the threshold. */
function markAll(next: Marks): void {
  marks = next;
  for (const { id, follows } of pageData.charts) if (follows) drawn.get(id)?.redraw(false);
}

function draw(chart: Chart): void {
  const box = document.getElementById(chart.id);
  if (!box) return;
  drawn.get(chart.id)?.destroy();
  const { x, y, lines, names } = chart;
  const width = box.clientWidth;
  const options: uPlot.Options = {
    width,
    height: Math.max(200, Math.min(300, Math.round(width * 0.5))),
    padding: [chart.marks ? 24 : 10, endWidth(chart, width), 0, 0],
    cursor: {
      drag: { x: x.unit === 'time' || x.unit === 'date-time', y: false },
      points: { size: 6 },
    },
    scales: {
      x: { time: false, ...(x.unit === 'name' && { range: [-0.6, x.values.length - 0.4] }) },
      y: y.isLog
        ? { distr: 3, range: (_, low, high) => decades(low, high) }
        : { range: (_, __, high) => [0, y.unit === 'share' ? 1.02 : (high || 1) * 1.06] },
    },
    axes: axesOf(chart, width),
    series: [
      { label: x.label, value: (_, value) => written(value, x.unit, names) },
      ...lines.map((line) => seriesOf(line, chart)),
    ],
    hooks: {
      draw: [
        (plot) => mark(plot, chart),
        (plot) => nameMarks(plot, chart),
        (plot) => nameLines(plot, chart),
      ],
    },
  };
  const data = [x.values, ...lines.map(({ values }) => values)] as unknown as uPlot.AlignedData;
  drawn.set(chart.id, new uPlot(options, data, box));
}

/** Whole powers of ten around what is there. */
function decades(low: number, high: number): [number, number] {
  const from = 10 ** Math.floor(Math.log10(low || 1));
  return [from, Math.max(10 * from, 10 ** Math.ceil(Math.log10(high || 10)))];
}

function seriesOf({ label, colour }: ChartLine, { form, x, y }: Chart): uPlot.Series {
  const stroke = colourOf(colour);
  const { stepped } = uPlot.paths;
  return {
    label,
    stroke,
    width: form === 'bars' ? 1 : 1.75,
    points: { show: form === 'lines' && x.unit === 'per-second' && x.values.length < FEW_VALUES },
    value: (_, value) => written(value, y.unit),
    ...(form === 'lines' && { dash: [...dashes[colour]] }),
    ...(form === 'bars' && { fill: faded(stroke), ...barsOf(x.unit === 'name') }),
    ...(form === 'stairs' && stepped && { fill: faded(stroke), paths: stepped({ align: 1 }) }),
  };
}

/** Of names apart, of a histogram side by side, each from its value to the next. */
function barsOf(isApart: boolean): Pick<uPlot.Series, 'paths'> {
  const { bars } = uPlot.paths;
  if (!bars) return {};
  return { paths: isApart ? bars({ size: [0.8, 60] }) : bars({ size: [1], align: 1 }) };
}

function faded(colour: string): string {
  return colour.replace('rgb(', 'rgba(').replace(')', ', 0.25)');
}

/** A line, or where both coordinates are known a point, at the threshold. */
function mark({ ctx, bbox, valToPos }: uPlot, { follows }: Chart): void {
  const at = follows && marks?.[follows];
  if (!at) return;
  const left = valToPos(at.x, 'x', true);
  ctx.save();
  ctx.strokeStyle = colourOf('ink');
  ctx.fillStyle = colourOf('ink');
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.beginPath();
  if (at.y === undefined) {
    ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.moveTo(left, bbox.top);
    ctx.lineTo(left, bbox.top + bbox.height);
    ctx.stroke();
  } else {
    ctx.arc(left, valToPos(at.y, 'y', true), 5 * devicePixelRatio, 0, 2 * Math.PI);
    ctx.fill();
  }
  ctx.restore();
}

/** Names at the ends of lines, where there are several and they take up less than a third of the width. */
function endWidth(chart: Chart, width: number): number {
  if (chart.form !== 'lines' || chart.lines.length < 2) return 30;
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return 30;
  context.font = FONT;
  const widest = Math.max(...chart.lines.map(({ label }) => context.measureText(label).width));
  const needed = widest + SAMPLE + 14;
  return needed < width * 0.34 ? needed : 30;
}

/** Length of the piece of line before its name. */
const SAMPLE = 18;
const LINE_HEIGHT = 14;

function nameLines(plot: uPlot, chart: Chart): void {
  const width = endWidth(chart, plot.width);
  if (width === 30) return;
  const { ctx, bbox, valToPos } = plot;
  const scale = devicePixelRatio;
  const ends = chart.lines
    .map((line) => ({ line, y: lastOf(line.values) }))
    .flatMap(({ line, y }) => (y === undefined ? [] : [{ line, at: valToPos(y, 'y', true) }]))
    .sort((a, b) => a.at - b.at);
  // From the top down each is at least a line below the one before, and the last is within the chart.
  const step = LINE_HEIGHT * scale;
  for (const [index, end] of ends.entries()) {
    end.at = Math.max(end.at, (ends[index - 1]?.at ?? bbox.top - step) + step);
  }
  const over = (ends.at(-1)?.at ?? 0) - (bbox.top + bbox.height);
  if (over > 0) for (const end of ends) end.at -= over;
  const left = bbox.left + bbox.width + 6 * scale;
  ctx.save();
  ctx.font = FONT.replace('12px', `${12 * scale}px`);
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.lineWidth = 1.75 * scale;
  ctx.fillStyle = colourOf('ink');
  for (const { line, at } of ends) {
    ctx.strokeStyle = colourOf(line.colour);
    ctx.setLineDash(dashes[line.colour].map((length) => length * scale));
    ctx.beginPath();
    ctx.moveTo(left, at);
    ctx.lineTo(left + SAMPLE * scale, at);
    ctx.stroke();
    ctx.fillText(line.label, left + (SAMPLE + 5) * scale, at);
  }
  ctx.restore();
}

function lastOf(values: readonly (number | null)[]): number | undefined {
  return values.findLast((value) => value !== null) ?? undefined;
}

/** Vertical lines with their names above the chart. */
function nameMarks({ ctx, bbox, valToPos }: uPlot, { marks: named = [] }: Chart): void {
  if (named.length === 0) return;
  const scale = devicePixelRatio;
  ctx.save();
  ctx.font = FONT.replace('12px', `${12 * scale}px`);
  ctx.textBaseline = 'bottom';
  ctx.strokeStyle = colourOf('ink');
  ctx.fillStyle = colourOf('ink');
  ctx.lineWidth = scale;
  ctx.setLineDash([3 * scale, 3 * scale]);
  for (const [index, { x, label }] of named.entries()) {
    const left = valToPos(x, 'x', true);
    ctx.textAlign = index === 0 && named.length > 1 ? 'right' : 'left';
    ctx.beginPath();
    ctx.moveTo(left, bbox.top - 4 * scale);
    ctx.lineTo(left, bbox.top + bbox.height);
    ctx.stroke();
    ctx.fillText(label, left, bbox.top - 5 * scale);
  }
  ctx.restore();
}
