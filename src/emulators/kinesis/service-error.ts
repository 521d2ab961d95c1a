/** An error as Kinesis answers it: HTTP 400, a type and a message. */
export class ServiceFault extends Error {
  override readonly name = 'ServiceFault';
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

export const notFound = (message: string): ServiceFault =>
  new ServiceFault('ResourceNotFoundException', message);
export const invalidArgument = (message: string): ServiceFault =>
  new ServiceFault('InvalidArgumentException', message);
export const invalid = (message: string): ServiceFault =>
  new ServiceFault('ValidationException', message);
export const limitExceeded = (message: string): ServiceFault =>
  new ServiceFault('LimitExceededException', message);
export const inUse = (message: string): ServiceFault =>
  new ServiceFault('ResourceInUseException', message);
