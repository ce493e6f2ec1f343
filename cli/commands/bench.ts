/** `npm run bench`: how fast the whole path is, or one pure part of it; figures as one JSON object. */
import { ARRIVALS } from '#infra/local/market-process.ts';
import { benchDetect } from '../../bench/detect.ts';
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

Of the whole path:
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

await runCommand({
  help: HELP,
  options: {
    synthesis: { type: 'boolean', default: false },
    detect: { type: 'boolean', default: false },
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
    // Accepted as with the other commands: the output is JSON anyway.
    json: { type: 'boolean' },
  },
  positionals: true,
  run: async (values, files) => {
    if (values.synthesis && values.detect) throw wrong('--synthesis and --detect are two benches');
    if (files.length > 0 && !values.detect) throw wrong(`"${files.join(' ')}" is not understood`);
    if (values.synthesis) return printed(benchSynthesis());
    if (values.detect) return printed(await benchDetect({ files }));
    const arrivals = ARRIVALS.find((kind) => kind === values.arrivals);
    if (arrivals === undefined) {
      throw wrong(`--arrivals is "${values.arrivals}": ${ARRIVALS.join(', ')}`);
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
    printed(figures);
    return figures.lost > 0 || figures.duplicated > 0 ? 1 : 0;
  },
});

function printed(figures: object): 0 {
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  return 0;
}

function wrong(sentence: string): CommandError {
  return new CommandError(sentence, { exitCode: 2 });
}
