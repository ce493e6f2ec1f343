import type { Context } from 'aws-lambda';

/** What a handler under test needs of Lambda's context. */
export const lambdaContext = (remainingMs = 30_000): Context =>
  ({
    functionName: 'test',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:test',
    memoryLimitInMB: '512',
    awsRequestId: '00000000-0000-0000-0000-000000000000',
    logGroupName: 'test',
    logStreamName: 'test',
    getRemainingTimeInMillis: () => remainingMs,
  }) as Context;
