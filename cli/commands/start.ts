import { parseArgs } from 'node:util';

import { STREAMS } from '#infra/local/live/subscriptions.ts';
import { ARRIVALS } from '#infra/local/market-process.ts';
import { CommandError } from '../command-error.ts';
import { positiveNumber } from '../command-arguments.ts';
import { runLive } from '../run-live.ts';
import { runLocal, type RunOptions } from '../run-local.ts';
import { runCommand } from '../run-command.ts';

const HELP = `npm start [-- OPTIONS]

Runs the whole system on this machine: a market with a Solana chain, and the cloud that the CDK app
describes. New pools are detected, judged, decided and bought on paper, until Ctrl-C.

  --tokens N         open N pools and, with --exit, stop when all are decided
  --exit             stop after --tokens (exit code 1 when one was lost or doubled)
  --json             print one JSON summary as the last line of standard output
  --rate R           pools a second (default 2; with --exit: 40)
  --arrivals KIND    ${ARRIVALS.join(', ')} (default poisson)
  --pool-size P      tokens analysed at once, instead of the configured pool_size
  --latency-ms M     median answer time of every upstream (default: as measured for each)
  --sigma S          spread of the answer times, log-normal (default: as measured for each)
  --seed N           the market's random seed (default 1)
  --mode KIND        paper (default), or live: real swaps on the embedded chain, signed by the local KMS
  --hold-seconds S   sell after S seconds at most; a run with --exit waits until all is sold
                     (default with --mode live --exit: 5)
  --inline           host all Lambda environments in one process

  --live             no market: real pools and real upstreams, on paper. Keys come from environment
                     variables of the names that config/trading.toml asks for (HELIUS_API_KEY, …);
                     RPC_WS_URL names the WebSocket address, else it follows from the first RPC address
  --stream KIND      ${STREAMS.join(' or ')} (default logs: every node has it; transactions is Helius's own,
                     and spares a call for each)

  --help
`;

await runCommand(async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      tokens: { type: 'string' },
      exit: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      rate: { type: 'string' },
      arrivals: { type: 'string', default: 'poisson' },
      'pool-size': { type: 'string' },
      'latency-ms': { type: 'string' },
      sigma: { type: 'string' },
      seed: { type: 'string', default: '1' },
      inline: { type: 'boolean', default: false },
      mode: { type: 'string', default: 'paper' },
      'hold-seconds': { type: 'string' },
      live: { type: 'boolean', default: false },
      stream: { type: 'string', default: 'logs' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const number = (
    name: 'tokens' | 'rate' | 'pool-size' | 'latency-ms' | 'sigma' | 'seed' | 'hold-seconds',
  ) => positiveNumber(`--${name}`, values[name]);
  const tokens = number('tokens');
  if (values.live) {
    const ofMarket = (['tokens', 'rate', 'latency-ms', 'sigma'] as const).find(
      (name) => values[name] !== undefined,
    );
    if (ofMarket !== undefined || values.exit) {
      throw new CommandError(`--${ofMarket ?? 'exit'} steers the market, and --live has none`, {
        exitCode: 2,
      });
    }
    const stream = STREAMS.find((kind) => kind === values.stream);
    if (stream === undefined) {
      throw new CommandError(`--stream is "${values.stream}": ${STREAMS.join(', ')}`, {
        exitCode: 2,
      });
    }
    return runLive({
      stream,
      json: values.json,
      poolSize: number('pool-size'),
      environmentHost: values.inline ? 'inline' : 'process',
      environment: process.env,
    });
  }
  if (values.exit && tokens === undefined) {
    throw new CommandError('--exit needs --tokens N: after how many pools?', { exitCode: 2 });
  }
  const arrivals = ARRIVALS.find((kind) => kind === values.arrivals);
  if (arrivals === undefined) {
    throw new CommandError(`--arrivals is "${values.arrivals}": ${ARRIVALS.join(', ')}`, {
      exitCode: 2,
    });
  }
  const mode = (['paper', 'live'] as const).find((kind) => kind === values.mode);
  if (mode === undefined) {
    throw new CommandError(`--mode is "${values.mode}": paper, live`, { exitCode: 2 });
  }
  const options: RunOptions = {
    mode,
    holdSeconds: number('hold-seconds') ?? (mode === 'live' && values.exit ? 5 : undefined),
    tokens,
    exit: values.exit,
    json: values.json,
    ratePerSecond: number('rate') ?? (values.exit ? 40 : 2),
    arrivals,
    poolSize: number('pool-size'),
    latencyMs: number('latency-ms'),
    sigma: number('sigma'),
    seed: number('seed') ?? 1,
    environmentHost: values.inline ? 'inline' : 'process',
  };
  return runLocal(options);
});
