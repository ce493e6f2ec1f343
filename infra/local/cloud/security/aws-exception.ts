/** An error answer of an AWS service: the exception's documented name and its message. */
export class AwsException extends Error {
  override readonly name = 'AwsException';
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}
