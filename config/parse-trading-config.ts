import { Fault } from '#shared/domain/fault.ts';
import { type TradingConfig, tradingConfigSchema } from './trading-config.ts';

/**
 * Checks a merged configuration.
 * @throws {Fault} `config.invalid`: for each wrong key its name, its value and what is allowed.
 */
export function parseTradingConfig(document: unknown): TradingConfig {
  const parsed = tradingConfigSchema.safeParse(document, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message, input }) => {
    const value = input === undefined ? 'is missing' : `is ${JSON.stringify(input)?.slice(0, 80)}`;
    return `${path.join('.') || 'trading.toml'} ${value}: ${message}`;
  });
  throw new Fault('config.invalid', { issues });
}
