/** The message of each log line that contains a call record. The audit trail's subscription filter matches this message. */
export const callMessage = 'call';

/** The message of each log line that contains the record of an item. The audit trail also contains these records. */
export const itemMessage = 'item';
