/** Builds an ARN in the account and partition of the stack. The Region defaults to the stack's. */
export function arn(service: string, resource: string, region = '${AWS::Region}'): object {
  return { 'Fn::Sub': `arn:\${AWS::Partition}:${service}:${region}:\${AWS::AccountId}:${resource}` };
}
