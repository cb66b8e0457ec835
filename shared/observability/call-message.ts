/** The message of each log line that contains a call record. The audit trail's subscription filter matches this message. */
export const callMessage = 'call';
