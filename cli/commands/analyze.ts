/** `npm run analyze -- MINT…`: checks and decision for these mints now. */
import { analysisSetup } from '../analysis-setup.ts';
import { CommandError } from '../command-error.ts';
import { runCommand } from '../command.ts';
import { analysisJson, analysisText } from '../print-analysis.ts';
import { progressLine } from '../progress-line.ts';
import { versionedStrategy } from '../stack-config.ts';
import { submitBatch } from '../submit-batch.ts';
import { terminalPaint } from '../terminal-paint.ts';
import { plain, terminalWidth } from '../terminal.ts';

await runCommand({
  help: `Usage: npm run analyze -- MINT… [OPTIONS]

Analyses these mints now, all at once with at most pool_size under way, and explains the decisions.
Nothing is stored and nothing is traded. All checks run to their end, also after a first refusal.

The upstreams and the strategy are those of the local stack that runs, or with --stage of the
project's configuration. Keys come from environment variables of the names that the configuration
asks for (HELIUS_API_KEY, …), else from the stack's secret. The pool is that of the last stored
look, else the deepest one that DexScreener lists.

  --stored     compares with the last stored look: verdict, score, rules, facts
  --stage S    of the deployed stage S; without it, of the local stack
  --json       one JSON line a mint, the decision with its evidence
  --help       prints this

Exit code: 0 all were analysed; 1 a mint is not there, or could not be analysed; 2 wrong usage, or
something that is no address. The other mints are analysed nevertheless.
`,
  options: {
    stored: { type: 'boolean' },
    stage: { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: true,
  async run({ stored: withStored = false, stage, json = false }, mints) {
    if (mints.length === 0) throw new CommandError('name at least one mint', { exitCode: 2 });
    const setup = await analysisSetup({ stage });
    const progress = progressLine();
    const analyses = await submitBatch(mints, {
      setup,
      onDone: (done, of) => progress.show(`${done} of ${of} analysed`),
    });
    progress.clear();
    const strategy = versionedStrategy(setup.config);
    const output = { width: terminalWidth(), paint: terminalPaint };
    for (const [at, analysis] of analyses.entries()) {
      if (json) {
        process.stdout.write(analysisJson(analysis, withStored));
      } else {
        const text = analysisText(analysis, { strategy, withStored }, output);
        process.stdout.write(at === 0 ? text : `\n\n${text}`);
      }
    }
    const refused = analyses.filter((analysis) => analysis.outcome === 'refused');
    if (json) for (const { reason } of refused) process.stderr.write(`${plain(reason)}\n`);
    if (refused.some(({ isUsage }) => isUsage)) {
      process.stderr.write(`${analyses.length - refused.length} of ${analyses.length} analysed\n`);
      // The results above stay: only the code says that something was no address.
      return 2;
    }
    return refused.length > 0 ? 1 : 0;
  },
});
