import { parseArgs } from 'node:util';

import { ARRIVALS } from '#infra/local/market-process.ts';
import { benchThroughput } from '../../bench/throughput.ts';
import { positiveNumber } from '../command-arguments.ts';
import { CommandError } from '../command-error.ts';
import { runCommand } from '../run-command.ts';

const HELP = `npm run bench [-- OPTIONS]

Measures the real path on the local stack and prints the figures as one JSON object.

  --tokens N         tokens measured (default 1000)
  --pool-size P      tokens analysed at once (default 20)
  --latency-ms M     median answer time of every upstream (default: as measured for each)
  --sigma S          spread of the answer times, log-normal (default: as measured for each)
  --arrivals KIND    ${ARRIVALS.join(', ')} (default burst)
  --rate R           pools a second, for poisson and replay (default 50)
  --warm-up N        tokens before the measurement (default 50)
  --seed N           the market's random seed (default 1)
  --no-early-exit    every token gets all its evidence
  --inline           host all Lambda environments in one process
  --help
`;

await runCommand(async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      tokens: { type: 'string', default: '1000' },
      'pool-size': { type: 'string', default: '20' },
      'latency-ms': { type: 'string' },
      sigma: { type: 'string' },
      arrivals: { type: 'string', default: 'burst' },
      rate: { type: 'string', default: '50' },
      'warm-up': { type: 'string', default: '50' },
      seed: { type: 'string', default: '1' },
      'no-early-exit': { type: 'boolean', default: false },
      inline: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const arrivals = ARRIVALS.find((kind) => kind === values.arrivals);
  if (arrivals === undefined) {
    throw new CommandError(`--arrivals is "${values.arrivals}": ${ARRIVALS.join(', ')}`, {
      exitCode: 2,
    });
  }
  const figures = await benchThroughput({
    tokens: positiveNumber('--tokens', values.tokens) ?? 1_000,
    poolSize: positiveNumber('--pool-size', values['pool-size']) ?? 20,
    latencyMs: positiveNumber('--latency-ms', values['latency-ms']),
    sigma: positiveNumber('--sigma', values.sigma),
    arrivals,
    ratePerSecond: positiveNumber('--rate', values.rate),
    warmUpTokens: positiveNumber('--warm-up', values['warm-up']) ?? 50,
    seed: positiveNumber('--seed', values.seed) ?? 1,
    environmentHost: values.inline ? 'inline' : 'process',
    earlyExit: !values['no-early-exit'],
    onProgress: (step) => process.stderr.write(`${step}\n`),
  });
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  return figures.lost > 0 || figures.duplicated > 0 ? 1 : 0;
});
