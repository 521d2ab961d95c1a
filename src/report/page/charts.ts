const drawn = new Map<string, uPlot>();
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
    padding: [10, 30, 0, 0],
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
    hooks: { draw: [(plot) => mark(plot, chart)] },
  };
  const data = [x.values, ...lines.map(({ values }) => values)] as unknown as uPlot.AlignedData;
  drawn.set(chart.id, new uPlot(options, data, box));
}

/** Whole powers of ten around what is there. */
function decades(low: number, high: number): [number, number] {
  const from = 10 ** Math.floor(Math.log10(low || 1));
  return [from, Math.max(10 * from, 10 ** Math.ceil(Math.log10(high || 10)))];
}

function seriesOf({ label, colour, isDashed }: ChartLine, { form, x, y }: Chart): uPlot.Series {
  const stroke = colourOf(colour);
  const { stepped } = uPlot.paths;
  return {
    label,
    stroke,
    width: form === 'bars' ? 1 : 1.75,
    points: { show: false },
    value: (_, value) => written(value, y.unit),
    ...(isDashed && { dash: [5, 4] }),
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
