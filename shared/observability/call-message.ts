/** The message of the log lines that carry a call's record; the filter of the audit trail looks for it. */
export const callMessage = 'call';
