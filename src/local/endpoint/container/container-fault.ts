/** What the container refuses, as HTTP would say it. */
export class ContainerFault extends Error {
  override readonly name = 'ContainerFault';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const unparsable = (what: string): ContainerFault => new ContainerFault(415, what);
export const unfit = (what: string): ContainerFault =>
  new ContainerFault(400, `Unable to evaluate payload provided: ${what}`);
