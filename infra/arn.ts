/** An ARN of the account and partition that the template is deployed to; Region by default the stack's own. */
export function arn(service: string, resource: string, region = '${AWS::Region}'): object {
  return { 'Fn::Sub': `arn:\${AWS::Partition}:${service}:${region}:\${AWS::AccountId}:${resource}` };
}
