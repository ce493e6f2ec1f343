/** A Lambda function as the template declares it, ready to run. */
export type FunctionSpec = {
  readonly logicalId: string;
  /** Short name for people: the Powertools service name when there is one, else the logical id. */
  readonly name: string;
  readonly functionName: string;
  readonly arn: string;
  /** Directory of the bundle. */
  readonly directory: string;
  /** `<module>.<export>`, as in the template. */
  readonly handler: string;
  /** The template's variables with the addresses of the local cloud. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** `undefined`: only the account's limit holds. */
  readonly reservedConcurrency: number | undefined;
};

/** Concurrency of an account that nobody has raised. Source: Lambda quotas. */
const ACCOUNT_CONCURRENCY = 1_000;

/** Invocations of a function that may run at the same time. */
export const concurrencyLimit = ({ reservedConcurrency }: FunctionSpec): number =>
  reservedConcurrency ?? ACCOUNT_CONCURRENCY;

/** The variables that Lambda defines for every function. Source: Lambda, "Defined runtime environment variables". */
export function reservedVariables(
  spec: FunctionSpec,
  region: string,
  environmentId: string,
): Record<string, string> {
  return {
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
    AWS_LAMBDA_FUNCTION_NAME: spec.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${spec.functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: environmentId,
    AWS_REGION: region,
    LAMBDA_TASK_ROOT: spec.directory,
    TZ: ':UTC',
    _HANDLER: spec.handler,
  };
}
