/**
 * The header that contains the time for which the caller will still wait for the response, in milliseconds. A direct
 * invoker sends this value as a member of `custom` in the client context.
 */
export const timeoutHeader = 'kms-timeout-ms';
