/** A fault in the connection to KMS or in the responses of KMS. */
export type Fault =
  | { readonly kind: 'none' }
  /** KMS executes a share of the requests at once, but the response arrives late. */
  | { readonly kind: 'latency'; readonly latencyMs: number; readonly share?: number }
  /** The connection breaks before KMS receives a share of the requests. */
  | { readonly kind: 'reset'; readonly share: number }
  /** Connections open, but nothing arrives. */
  | { readonly kind: 'half-open' }
  /** KMS receives the request, but does not respond. */
  | { readonly kind: 'hang' }
  /** The headers of the response arrive, and then only a part of its body. */
  | { readonly kind: 'stalled body' }
  /** KMS responds with KMSInternalException. */
  | { readonly kind: 'internal error' };
