/** The tag of all keys that a deployment manages. The roles of its functions require it. */
export const serviceTagKey = 'kms-functions:service';

/**
 * The function alias that only API Gateway may invoke. The IAM policy of an invoker that names the function without the
 * alias does not allow it (https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html).
 */
export const gatewayAlias = 'gateway';
