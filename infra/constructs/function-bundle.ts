import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

import { BUNDLE_OPTIONS } from './bundle-options.ts';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

export type FunctionBundleProps = {
  /** The file that exports `handler`, from the project's root. */
  readonly entry: string;
  /** The resolved configuration. A Lambda environment holds 4 KB, so it travels in the bundle. */
  readonly configPath: string;
};

/**
 * The code of a function: one minified ES module `index.mjs` with everything it imports, the AWS SDK
 * included, and `trading.json` beside it. Hashed by its content: the same sources and configuration
 * give the same bundle, in whatever folder.
 *
 * esbuild is called as a library: `NodejsFunction` starts it through npx, half a second a function.
 */
export function functionBundle({ entry, configPath }: FunctionBundleProps): Code {
  return Code.fromAsset(projectRoot, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: the local bundling below always answers.
      image: DockerImage.fromRegistry('esbuild'),
      // CDK bundles once for equal options, and does not see into the function below.
      command: [entry, configPath],
      local: {
        tryBundle: (outputDirectory) => {
          buildSync({
            absWorkingDir: projectRoot,
            entryPoints: [entry],
            outfile: `${outputDirectory}/index.mjs`,
            ...BUNDLE_OPTIONS,
          });
          copyFileSync(configPath, `${outputDirectory}/trading.json`);
          return true;
        },
      },
    },
  });
}
