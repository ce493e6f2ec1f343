import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';

/**
 * Adds cdk-nag's two packs to the synthesis. Under the CDK CLI a finding that no sentence
 * acknowledges fails it. The context value `policyChecks: false` leaves them out where only the
 * template is wanted.
 */
export function addPolicyChecks(app: App): void {
  if (String(app.node.tryGetContext('policyChecks')) === 'false') return;
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
}
