/** `npm run schema`: the JSON Schema of evidence, into the documentation. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { runCommand } from '../command.ts';
import { evidenceSchemaText } from '../evidence-schema.ts';

const HELP = `Usage: npm run schema [-- --json]

Writes docs/evidence.schema.json anew from the code: the shape of the evidence that the decisions
table stores and that replay reads. Run it after a change of the evidence.

  --json   prints the schema instead
  --help   prints this

Exit code: 0; 2 wrong usage.
`;

const path = fileURLToPath(new URL('../../docs/evidence.schema.json', import.meta.url));

await runCommand({
  help: HELP,
  options: { json: { type: 'boolean', default: false } },
  run: async ({ json }) => {
    if (json) process.stdout.write(evidenceSchemaText());
    else {
      writeFileSync(path, evidenceSchemaText());
      process.stdout.write(`${path} is current\n`);
    }
    return 0;
  },
});
