/**
 * The header in which a caller sends the time that it still waits for the response, in milliseconds. A direct invoker sends
 * it in `custom` in the client context.
 */
export const timeoutHeader = 'kms-timeout-ms';
