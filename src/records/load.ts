/**
 * How hard this process worked over a span of time.
 *
 * `cores` is its processor time a second, of all threads; `busyShare` that of the time in which the
 * event loop of this thread had something to do. `delay...` is how late the loop's timers fired.
 */
export interface Load {
  readonly seconds: number;
  readonly cores: number;
  readonly busyShare: number;
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
  readonly memoryBytes: number;
}
