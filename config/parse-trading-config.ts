import type * as z from 'zod';

import { Fault } from '#shared/domain/fault.ts';
import { type TradingConfig, tradingConfigSchema } from './trading-config.ts';

/**
 * Checks a merged configuration.
 * @throws {Fault} `config.invalid`: for each wrong key its name, its value and what is allowed.
 */
export function parseTradingConfig(document: unknown): TradingConfig {
  const parsed = tradingConfigSchema.safeParse(document, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new Fault('config.invalid', { issues: issueLines(parsed.error) });
}

/** Each wrong key with its value and what is allowed, of an error that reports its input. */
export const issueLines = ({ issues }: z.ZodError): string[] =>
  issues.map(({ path, message, input }) => {
    const value = input === undefined ? 'is missing' : `is ${JSON.stringify(input)?.slice(0, 80)}`;
    return `${path.join('.') || 'trading.toml'} ${value}: ${message}`;
  });
