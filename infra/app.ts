/** Entry of the CDK app: `cdk synth`, `cdk deploy` and the local stack all start here. */
import { App } from 'aws-cdk-lib';

import { explainFault } from './explain-fault.ts';
import { addPolicyChecks } from './policy-checks.ts';
import { buildStage } from './stage.ts';

try {
  const app = new App();
  buildStage(app);
  addPolicyChecks(app);
  app.synth();
} catch (error) {
  // A wrong setting is the reader's to correct: plain sentences. Anything else keeps its stack.
  process.stderr.write(explainFault(error));
  process.exitCode = 1;
}
