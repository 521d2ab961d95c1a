/** An error as Kinesis answers it: HTTP 400, a type and a message. */
export class KinesisError extends Error {
  override readonly name = 'ServiceFault';
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

export const notFound = (message: string): KinesisError =>
  new KinesisError('ResourceNotFoundException', message);
export const invalidArgument = (message: string): KinesisError =>
  new KinesisError('InvalidArgumentException', message);
export const invalid = (message: string): KinesisError =>
  new KinesisError('ValidationException', message);
export const limitExceeded = (message: string): KinesisError =>
  new KinesisError('LimitExceededException', message);
export const inUse = (message: string): KinesisError =>
  new KinesisError('ResourceInUseException', message);
