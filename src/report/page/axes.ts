const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const digits = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });

/** Texts of values, by the unit of their axis. */
const forms: Readonly<Record<Exclude<Unit, 'name'>, (value: number) => string>> = {
  ms: (value) =>
    value >= 1000 ? `${digits.format(value / 1000)} s` : `${digits.format(value)} ms`,
  share: (value) => `${digits.format(value * 100)} %`,
  'per-second': (value) => `${compact.format(value)}/s`,
  time: (value) => new Date(value * 1000).toISOString().slice(11, 19),
  'date-time': (value) => new Date(value * 1000).toISOString().slice(0, 16).replace('T', ' '),
  percentile,
  count: (value) => compact.format(value),
  plain: (value) => digits.format(value),
};

/** A value as an axis or a legend writes it. */
function written(value: number | null | undefined, unit: Unit, names?: readonly string[]): string {
  if (value === null || value === undefined) return '–';
  return unit === 'name' ? (names?.[value] ?? '') : forms[unit](value);
}

/** The scale of percentiles gives every nine as much room: 1 is 90 %, 2 is 99 %. */
function percentile(nines: number): string {
  const share = 100 * (1 - 10 ** -nines);
  return nines === 0
    ? '0'
    : `p${Number(share.toFixed(Math.max(0, Math.ceil(nines) - 2 + (nines % 1 ? 1 : 0))))}`;
}

/** A colour of the style as the canvas wants it. */
function colourOf(name: string): string {
  const probe = document.getElementById('probe');
  if (!probe) return 'gray';
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

function axesOf({ x, y, names }: Chart, width: number): uPlot.Axis[] {
  const look = {
    stroke: colourOf('soft'),
    font: '12px system-ui, sans-serif',
    labelFont: '12px system-ui, sans-serif',
    labelSize: 18,
    grid: { stroke: colourOf('line'), width: 1 },
    ticks: { show: false },
  };
  const isCrowded = x.unit === 'name' && x.values.length * 46 > width;
  return [
    {
      ...look,
      label: x.label,
      space: x.unit === 'date-time' ? 130 : 64,
      ...(x.unit === 'percentile' && { splits: () => x.values.filter((value) => value % 1 === 0) }),
      ...(x.unit === 'name' && { splits: () => [...x.values], grid: { show: false } }),
      rotate: isCrowded ? -90 : 0,
      size: isCrowded ? 96 : 34,
      values: (_, values) => values.map((value) => written(value, x.unit, names)),
    },
    {
      ...look,
      size: 58,
      ...(y.isLog && { splits: (_plot, _axis, low, high) => powersOfTen(low, high) }),
      values: (_, values) => values.map((value) => written(value, y.unit)),
    },
  ];
}

function powersOfTen(low: number, high: number): number[] {
  const first = Math.ceil(Math.log10(low));
  const count = Math.floor(Math.log10(high)) - first + 1;
  return Array.from({ length: count }, (_, index) => 10 ** (first + index));
}
