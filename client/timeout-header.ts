/** The header in which a caller sends the time that it still waits for the response, in milliseconds. */
export const timeoutHeader = 'kms-timeout-ms';
