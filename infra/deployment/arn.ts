/** Builds an ARN in the stack's account and partition, and by default in the stack's Region. */
export function arn(service: string, resource: string, region = '${AWS::Region}'): { 'Fn::Sub': string } {
  return { 'Fn::Sub': `arn:\${AWS::Partition}:${service}:${region}:\${AWS::AccountId}:${resource}` };
}
