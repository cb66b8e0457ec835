/** What a seed need not say. */
export const defaultRegion = 'us-east-1';
export const defaultCreationMs = Date.UTC(2024, 0, 1);
