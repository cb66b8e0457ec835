/** The parts of an ARN (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html). */
export interface Arn {
  /** `aws`, `aws-cn`, `aws-us-gov`, … */
  readonly partition: string;
  readonly service: string;
  /** Empty for global services such as IAM. */
  readonly region: string;
  readonly accountId: string;
  /** Everything after the account id, including colons: `key/1234abcd-…`, `function:NAME:ALIAS`. */
  readonly resource: string;
}

/**
 * Splits an ARN into its parts. Returns `undefined` if the text does not begin with `arn:`. Missing parts become empty
 * strings, so that an incomplete ARN fails checks instead of skipping them.
 */
export function parseArn(text: string): Arn | undefined {
  if (!text.startsWith('arn:')) return undefined;
  const [, partition = '', service = '', region = '', accountId = '', ...resource] = text.split(':');
  return { partition, service, region, accountId, resource: resource.join(':') };
}
