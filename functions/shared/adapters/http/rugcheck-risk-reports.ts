import * as z from 'zod';

import { absent, known } from '../../domain/evidence.ts';
import { cleanText } from '../../domain/clean-text.ts';
import type { RiskReport, RiskReports } from '../../ports/risk-reports.ts';
import { bodyOf } from './answer.ts';
import type { JsonClient } from './json-client.ts';

/** Amounts beyond 2^53 arrive as bigint. */
const amount = z
  .union([z.bigint().nonnegative(), z.number().int().nonnegative()])
  .transform((value) => BigInt(value));

const reportSchema = z.object({
  score_normalised: z.number().min(0).max(100),
  // Always there: a report that does not say is none that we know, and no pass.
  rugged: z.boolean(),
  risks: z.array(z.object({ name: z.string(), level: z.string() })).nullish(),
  graphInsidersDetected: z.number().int().nonnegative().nullish(),
  creatorTokens: z.array(z.unknown()).nullish(),
  topHolders: z.array(z.object({ owner: z.string(), amount })).nullish(),
});

/** What RugCheck answers, with HTTP 400, for a mint that it has not seen yet. */
const PENDING = /^(not found|unable to generate report)$/;

/**
 * RugCheck, `GET /v1/tokens/{mint}/report`. The normalised score of 0..100 is risk: higher is worse.
 * HTTP 400 with one of two texts means "no report yet".
 */
export function rugcheckRiskReports(client: JsonClient): RiskReports {
  return {
    async find(mint, signal) {
      const answer = await client.request({
        path: `/v1/tokens/${mint}/report`,
        idempotent: true,
        signal,
      });
      const pending = answer.status === 400 || answer.status === 404 ? errorText(answer.body) : '';
      if (PENDING.test(pending)) return absent(`RugCheck: ${pending}`);
      return known(riskReportOf(bodyOf(client.upstream, reportSchema, answer)));
    },
  };
}

const errorSchema = z.object({ error: z.string() });
const errorText = (body: unknown): string => errorSchema.safeParse(body).data?.error ?? '';

function riskReportOf(report: z.infer<typeof reportSchema>): RiskReport {
  const risks = report.risks ?? [];
  const dangers = risks.filter(({ level }) => level === 'danger');
  return {
    risk: {
      riskScore: report.score_normalised,
      rugged: report.rugged,
      dangers: dangers.slice(0, 10).map(({ name }) => cleanText(name, 80)),
      warnings: risks.length - dangers.length,
      insidersDetected: report.graphInsidersDetected ?? null,
      creatorTokens: report.creatorTokens?.length ?? null,
    },
    holders: report.topHolders ?? [],
  };
}
