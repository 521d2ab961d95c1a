/** Why a value cannot be read: completes "FIELD ...", as `is no instant: ...`. */
export class UnreadableValue {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}
