import { MetricUnit } from '@aws-lambda-powertools/metrics';

import { logger, metrics } from '#shared/runtime/telemetry.ts';
import { type UrlAnswer, urlHandler } from '#shared/runtime/url-handler.ts';
import { measureAnnounced } from './measure-announced.ts';
import { type WebhookDeps, type WebhookOutcome, receiveWebhook } from './webhook.ts';

/** The detector's function URL: deliveries in, pools on the queue; one log line each request. */
export const webhookEndpoint = (deps: WebhookDeps) =>
  urlHandler(async (request, signal) => {
    const outcome = await receiveWebhook(deps, request, signal);
    if (outcome.kind === 'accepted') measureAnnounced(outcome, deps.clock.now());
    return answerTo(outcome);
  });

function answerTo(outcome: WebhookOutcome): UrlAnswer {
  if (outcome.kind === 'refused') {
    const { status, reason } = outcome;
    metrics.addMetric('RequestsRefused', MetricUnit.Count, 1);
    logger.info('webhook', { status, reason });
    const headers = status === 405 ? { allow: 'POST' } : {};
    return { status, headers, body: { error: reason } };
  }
  const { transactions, unreadable, queued, unresolved, dropped } = outcome;
  metrics.addMetric('TransactionsReceived', MetricUnit.Count, transactions + unreadable);
  metrics.addMetric('PoolsUnresolved', MetricUnit.Count, unresolved);
  const counts = { accepted: transactions, detected: queued.length, unresolved };
  logger.info('webhook', { status: 200, ...counts, unreadable, dropped });
  return { status: 200, body: counts };
}
