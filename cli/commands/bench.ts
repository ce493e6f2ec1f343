/** `npm run bench`: how fast the whole path is, or one pure part of it; figures as one JSON object. */
import { ARRIVALS } from '#infra/local/market-process.ts';
import { benchDetect } from '../../bench/detect.ts';
import { benchFaults } from '../../bench/faults.ts';
import { benchSynthesis } from '../../bench/synthesis.ts';
import { benchThroughput } from '../../bench/throughput.ts';
import { positiveNumber } from '../command-arguments.ts';
import { CommandError } from '../command-error.ts';
import { runCommand } from '../command.ts';

const HELP = `Usage: npm run bench [-- OPTIONS] [FILE…]

Measures the real path on the local stack and prints the figures as one JSON object.

  --synthesis        only the synthesis, on one core: decisions a second over generated evidence
  --detect           only the detector's decoding, on one core: transactions a second of generated
                     webhook bodies, and of the recorded ones in FILE…
  --faults           the whole path under one fault of an upstream after the other (some ten
                     minutes): what was decided, how fast, and what was bought; --tokens under
                     each fault (40), --rate (5), --pool-size, --seed
  --only TEXT        only faults whose name contains it, as in "rpc" or "hang"

Of the whole path:
  --tokens N         tokens measured (default 1000)
  --pool-size P      tokens analysed at once (default 20)
  --latency-ms M     median answer time of every upstream (default: as measured for each)
  --sigma S          spread of the answer times, log-normal (default: as measured for each)
  --arrivals KIND    ${ARRIVALS.join(', ')} (default burst)
  --rate R           pools a second, for poisson and replay (default 50)
  --warm-up N        tokens before the measurement (default 500: every environment has run warm by then)
  --seed N           the market's random seed (default 1)
  --no-early-exit    every token gets all its evidence
  --inline           host all Lambda environments in one process
  --help
`;

await runCommand({
  help: HELP,
  options: {
    synthesis: { type: 'boolean', default: false },
    faults: { type: 'boolean', default: false },
    only: { type: 'string' },
    detect: { type: 'boolean', default: false },
    tokens: { type: 'string' },
    'pool-size': { type: 'string', default: '20' },
    'latency-ms': { type: 'string' },
    sigma: { type: 'string' },
    arrivals: { type: 'string', default: 'burst' },
    rate: { type: 'string' },
    'warm-up': { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    'no-early-exit': { type: 'boolean', default: false },
    inline: { type: 'boolean', default: false },
    // Accepted as with the other commands: the output is JSON anyway.
    json: { type: 'boolean' },
  },
  positionals: true,
  run: async (values, files) => {
    if ([values.synthesis, values.detect, values.faults].filter(Boolean).length > 1) {
      throw wrong('--synthesis, --detect and --faults are benches of their own');
    }
    if (values.only !== undefined && !values.faults) throw wrong('--only goes with --faults');
    if (files.length > 0 && !values.detect) throw wrong(`"${files.join(' ')}" is not understood`);
    if (values.synthesis) return printed(benchSynthesis());
    if (values.detect) return printed(await benchDetect({ files }));
    const poolSize = positiveNumber('--pool-size', values['pool-size']) ?? 20;
    const seed = positiveNumber('--seed', values.seed) ?? 1;
    if (values.faults) {
      const { faults, ...limits } = await benchFaults({
        tokens: positiveNumber('--tokens', values.tokens) ?? 40,
        ratePerSecond: positiveNumber('--rate', values.rate) ?? 5,
        poolSize,
        seed,
        only: values.only,
        onProgress,
      });
      printed({ ...limits, faults });
      const bad = faults.filter(
        (one) =>
          one.decided < one.tokens ||
          (one.slowestMs ?? 0) > limits.taskTimeoutMs ||
          one.boughtBlind > 0,
      );
      return bad.length > 0 ? 1 : 0;
    }
    const arrivals = ARRIVALS.find((kind) => kind === values.arrivals);
    if (arrivals === undefined) {
      throw wrong(`--arrivals is "${values.arrivals}": ${ARRIVALS.join(', ')}`);
    }
    const figures = await benchThroughput({
      tokens: positiveNumber('--tokens', values.tokens) ?? 1_000,
      poolSize,
      latencyMs: positiveNumber('--latency-ms', values['latency-ms']),
      sigma: positiveNumber('--sigma', values.sigma),
      arrivals,
      ratePerSecond: positiveNumber('--rate', values.rate),
      warmUpTokens: positiveNumber('--warm-up', values['warm-up']) ?? 500,
      seed,
      environmentHost: values.inline ? 'inline' : 'process',
      earlyExit: !values['no-early-exit'],
      onProgress,
    });
    printed(figures);
    return figures.lost > 0 || figures.duplicated > 0 ? 1 : 0;
  },
});

function onProgress(step: string): void {
  process.stderr.write(`${step}\n`);
}

function printed(figures: object): 0 {
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  return 0;
}

function wrong(sentence: string): CommandError {
  return new CommandError(sentence, { exitCode: 2 });
}
