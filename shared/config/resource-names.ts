/** The key of the tag on all KMS keys that a deployment manages. The functions' roles require this tag. */
export const serviceTagKey = 'kms-functions:service';

/**
 * The function alias that only API Gateway may invoke. An IAM policy that names the function without the alias does not
 * allow invoking the alias (https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html).
 */
export const gatewayAlias = 'gateway';
