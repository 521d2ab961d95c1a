/** Why a value cannot be read: completes "FIELD ...", as `is no instant: ...`. */
export class Unreadable {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}
