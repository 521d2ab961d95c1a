/** One PutRecords call as the report sees it. `errorCode` is set when the call as a whole failed. */
export interface RequestTrace {
  readonly sentAt: number;
  readonly durationMs: number;
  readonly entries: number;
  readonly failedEntries: number;
  readonly payloadBytes: number;
  readonly errorCode: string | undefined;
}
