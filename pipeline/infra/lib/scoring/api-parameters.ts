/** What can be said about the API when it is deployed. */
export const apiParameters = {
  ThrottleRate: {
    meaning: 'Requests a second that the API takes; more are answered with 429.',
    default: 2000,
    min: 1,
    max: 10_000,
  },
  ThrottleBurst: {
    meaning: 'Requests that it takes at once above that rate.',
    default: 1000,
    min: 1,
    max: 5000,
  },
  Tracing: { meaning: 'Trace requests with X-Ray.', default: 'false', allowed: ['true', 'false'] },
} as const;
