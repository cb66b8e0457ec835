/**
 * The key of the service tag, which marks all KMS keys that a deployment manages. The functions' roles require this
 * tag.
 */
export const serviceTagKey = 'kms-functions:service';

/**
 * The key of the request tag. Each key that a function creates has this tag, whose value is the Lambda request id. If the
 * response is lost, the tag identifies the key.
 */
export const requestTagKey = 'kms-functions:request-id';

/**
 * The key of the idempotency tag. A key that was created with an idempotency key has this tag, whose value is a hash of
 * the idempotency key and its caller. If the function stopped before it stored its result, the tag identifies the key.
 */
export const idempotencyTagKey = 'kms-functions:idempotency';

/**
 * The function alias that only API Gateway may invoke. An IAM policy for the function without the alias does not allow
 * a caller to invoke the alias (https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html).
 */
export const gatewayAlias = 'gateway';
