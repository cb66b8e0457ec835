/** The message of the log lines that contain a call record. The subscription filter of the audit trail matches it. */
export const callMessage = 'call';
