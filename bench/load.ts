import http from 'node:http';

export interface Load {
  readonly operation: string;
  readonly body: object;
  readonly concurrency: number;
  readonly forMs: number;
  /** For a server that closes each connection. */
  readonly closes?: boolean;
}

export interface Figures {
  readonly calls: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Calls for so long, `concurrency` at a time, over kept connections, and measures each call. Loopback only. */
export async function run(endpoint: string, load: Load): Promise<Figures> {
  const { concurrency, forMs, closes = false } = load;
  const agent = new http.Agent({ keepAlive: !closes, maxSockets: concurrency });
  const latenciesMs: number[] = [];
  const began = performance.now();
  const worker = async () => {
    while (performance.now() - began < forMs) {
      const sent = performance.now();
      await call(endpoint, load, agent);
      latenciesMs.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  latenciesMs.sort((a, b) => a - b);
  const at = (share: number) => latenciesMs[Math.floor(latenciesMs.length * share)] ?? Number.NaN;
  return { calls: latenciesMs.length, perSecond: latenciesMs.length / seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}

/** One call of KMS, by hand: an SDK would cost more than the server that it is to measure. */
export function call(
  endpoint: string,
  { operation, body }: Pick<Load, 'operation' | 'body'>,
  agent?: http.Agent,
): Promise<string> {
  const { hostname, port } = new URL(endpoint);
  if (hostname !== '127.0.0.1') throw new Error('a load is sent to this machine only');
  const text = JSON.stringify(body);
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `TrentService.${operation}`,
    authorization:
      'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kms/aws4_request, SignedHeaders=host, Signature=00',
    'content-length': Buffer.byteLength(text),
  };
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, agent, method: 'POST', headers }, (response) => {
      let answer = '';
      response.setEncoding('latin1').on('data', (part: string) => {
        answer += part;
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(answer);
        else reject(new Error(`${operation}: status ${response.statusCode}: ${answer}`));
      });
    });
    request.on('error', reject);
    request.end(text);
  });
}
