import { parseArn } from '../../shared/declaration/arn.ts';
import type { Template } from './osls.ts';

/**
 * Throws if the custom domain's certificate belongs to a different account than the deployment. API Gateway accepts
 * only certificates in its own account, and AWS would reject the domain only after several minutes
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-custom-domain-names.html). The account is not
 * known during packaging.
 */
export function rejectForeignCertificate({ Resources }: Template, account: string): void {
  const arn: string | undefined = Resources.Domain?.Properties.DomainNameConfigurations[0].CertificateArn;
  if (arn === undefined || parseArn(arn)?.accountId === account) return;
  throw new Error(
    `\`certificateArn\` must be in account ${account}, which this command deploys to, but \`${arn}\` is not. ` +
      'Create the certificate in that account, or deploy with credentials for its account.',
  );
}
