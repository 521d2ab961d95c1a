/** When people pay: how likely a card is to be used at an instant, against its busiest hour. */
export interface Calendar {
  /** From 0 to 1, at an instant (epoch milliseconds) where clocks are `utcOffsetHours` ahead of UTC. */
  share(atMs: number, utcOffsetHours: number): number;
  /** The mean of `share` over a week. */
  readonly meanShare: number;
}

/** Relative activity by local hour: little at night, most at noon and after work. */
const HOURS = [
  0.12, 0.07, 0.05, 0.04, 0.05, 0.1, 0.24, 0.45, 0.63, 0.73, 0.8, 0.9, 1, 0.93, 0.83, 0.82, 0.88,
  0.98, 1, 0.87, 0.68, 0.5, 0.35, 0.21,
];
/** Relative activity from Monday to Sunday. */
const DAYS = [0.86, 0.86, 0.88, 0.92, 1, 0.98, 0.8];
/** Hours from the Monday before the epoch, which was a Thursday, to the epoch. */
const EPOCH_HOUR_OF_WEEK = 3 * 24;
const HOUR_MS = 3_600_000;

/** The same week again and again. The curves are constants of this model. */
export function weeklyCalendar(): Calendar {
  const week = Float64Array.from({ length: 168 }, (_, hour) => {
    return (HOURS[hour % 24] as number) * (DAYS[Math.floor(hour / 24)] as number);
  });
  return {
    share(atMs, utcOffsetHours) {
      const hour = Math.floor(atMs / HOUR_MS + utcOffsetHours) | 0;
      return week[(hour + EPOCH_HOUR_OF_WEEK) % 168] as number;
    },
    meanShare: week.reduce((sum, share) => sum + share, 0) / 168,
  };
}
