const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const digits = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });

/** A value as an axis or a legend writes it. */
function written(value: number | null | undefined, unit: Unit, names?: readonly string[]): string {
  if (value === null || value === undefined) return '–';
  if (unit === 'ms')
    return value >= 1000 ? `${digits.format(value / 1000)} s` : `${digits.format(value)} ms`;
  if (unit === 'share') return `${digits.format(value * 100)} %`;
  if (unit === 'per-second') return `${compact.format(value)}/s`;
  if (unit === 'time') return new Date(value * 1000).toISOString().slice(11, 19);
  if (unit === 'percentile') return percentile(value);
  if (unit === 'name') return names?.[value] ?? '';
  return unit === 'count' ? compact.format(value) : digits.format(value);
}

/** The scale of percentiles gives every nine as much room: 1 is 90 %, 2 is 99 %. */
function percentile(place: number): string {
  const share = 100 * (1 - 10 ** -place);
  return place === 0
    ? '0'
    : `p${Number(share.toFixed(Math.max(0, Math.ceil(place) - 2 + (place % 1 ? 1 : 0))))}`;
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
      space: 64,
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
  return Array.from({ length: count }, (_, place) => 10 ** (first + place));
}
