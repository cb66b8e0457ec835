import * as z from 'zod/mini';

/** The request that `explain` explains. */
export interface ExplainRequest {
  /** The operation, such as `Encrypt`. */
  readonly operation: string;
  /** The operation's input. In JSON, bytes are base64 and times are seconds since 1970. Default: no members. */
  readonly input?: Readonly<Record<string, unknown>>;
  /** The caller: an access key id or an ARN. Default: the root user of account 000000000000. */
  readonly principal?: string;
  /** Default: `us-east-1`. */
  readonly region?: string;
}

const schema = z.strictObject({
  operation: z.string(),
  input: z.optional(z.record(z.string(), z.unknown())),
  principal: z.optional(z.string()),
  region: z.optional(z.string()),
});

/** Parses the body of a control API request. Throws TypeError if it is not valid. */
export function parseExplainRequest(body: string): ExplainRequest {
  const parsed = z.safeParse(schema, JSON.parse(body));
  if (parsed.success) return parsed.data as ExplainRequest;
  throw new TypeError(
    'The body must be {"operation": "Encrypt", "input": {…}, "principal": "ARN or access key id", "region": "us-east-1"}.',
  );
}
