import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';

/** Structured log of the function. Never hand it a secret, a header or a whole upstream body. */
export const logger = new Logger();

/** Embedded metrics. Dimensions stay few: each distinct set is billed; a mint is never one. */
export const metrics = new Metrics();
