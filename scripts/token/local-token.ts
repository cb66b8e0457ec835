export interface TokenOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly scope: readonly string[];
  readonly subject: string;
  readonly claim: Readonly<Record<string, string>>;
  readonly minutes: number;
}

/** Builds an unsecured JWT (https://www.rfc-editor.org/rfc/rfc7519#section-6). */
export function buildLocalToken(options: TokenOptions, nowMs = Date.now()): string {
  const now = Math.floor(nowMs / 1_000);
  const claims = {
    iss: options.issuer,
    aud: options.audience,
    sub: options.subject,
    scope: options.scope.join(' '),
    iat: Math.min(now, now + options.minutes * 60),
    exp: now + options.minutes * 60,
    ...options.claim,
  };
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encode({ alg: 'none' })}.${encode(claims)}.`;
}
