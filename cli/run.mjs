// Starts a command of Volley from a fresh clone: installs the pinned dependencies when the lock
// file changed, then runs the command on the project's own Node, whatever the system's Node is.
// Plain JavaScript on purpose: it has to run before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampPath = `${root}node_modules/.volley-lock`;
const windows = process.platform === 'win32';
const lockHash = createHash('sha256')
  .update(readFileSync(`${root}package-lock.json`))
  .digest('hex');

const installed = existsSync(stampPath) && readFileSync(stampPath, 'utf8') === lockHash;
if (!installed) {
  process.stderr.write('Installing the pinned dependencies (once for each lock file)...\n');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    // npm's own output must not mix with the JSON that a command prints.
    stdio: ['ignore', 2, 2],
    shell: windows,
  });
  if (status !== 0) {
    process.stderr.write('npm ci failed: see the lines above. Nothing was started.\n');
    process.exit(1);
  }
  writeFileSync(stampPath, lockHash);
}

const [name = '', ...args] = process.argv.slice(2);
const commands = readdirSync(`${root}cli/commands`).map((file) => file.replace(/\.ts$/, ''));
if (!commands.includes(name)) {
  process.stderr.write(`Unknown command "${name}". Commands: ${commands.join(', ')}.\n`);
  process.exit(2);
}

const node = `${root}node_modules/node/bin/node${windows ? '.exe' : ''}`;
if (!existsSync(node)) {
  process.stderr.write(
    'Node 24 is missing from node_modules: npm skipped the install script of the package "node".\n' +
      'Run: npm install-scripts approve node esbuild && npm ci\n',
  );
  process.exit(1);
}
const child = spawn(
  node,
  ['--disable-warning=ExperimentalWarning', `${root}cli/commands/${name}.ts`, ...args],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${root}node_modules/.bin${windows ? ';' : ':'}${process.env.PATH}`,
    },
  },
);
// Ctrl-C reaches the whole process group: the command cleans up, this launcher only waits.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
