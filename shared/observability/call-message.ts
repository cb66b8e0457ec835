/** The message of log lines that contain a call record. The subscription filter of the audit trail matches this message. */
export const callMessage = 'call';
