import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, beforeAll } from 'vitest';

/** Counts the HTTP requests that this process sends while the tests in a file run. */
export function countOutgoing(): { readonly requests: number } {
  const counted = { requests: 0 };
  const count = () => {
    counted.requests += 1;
  };
  beforeAll(() => subscribe('http.client.request.start', count));
  afterAll(() => void unsubscribe('http.client.request.start', count));
  return counted;
}
