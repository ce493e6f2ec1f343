import type { BuildOptions } from 'esbuild';

/** CommonJS packages inside an ES module (web3.js) call `require` for Node's own modules. */
const REQUIRE_BANNER =
  "import{createRequire as bundleRequire}from'node:module';const require=bundleRequire(import.meta.url);";

/**
 * Ways to credentials that a function never goes: Lambda hands them over in the environment, which
 * the SDK asks first, and it imports these only when it finds none there. A sixth of a bundle.
 */
const OTHER_CREDENTIALS = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

/** How a function becomes one minified ES module with everything that it imports. */
export const BUNDLE_OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  minify: true,
  // Names of error classes stay readable in logs.
  keepNames: true,
  external: OTHER_CREDENTIALS,
  banner: { js: REQUIRE_BANNER },
  logLevel: 'warning',
} satisfies BuildOptions;
