import http from 'node:http';
import { quantile } from './statistics.ts';

export interface Load {
  readonly operation: string;
  readonly body: object;
  /** The caller. Default: the root user. */
  readonly accessKeyId?: string;
  readonly concurrency: number;
  readonly durationMs: number;
  /** Opens a new connection for each call. */
  readonly usesNewConnections?: boolean;
}

export interface LoadFigures {
  readonly calls: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Calls a server on this machine for `durationMs` with `concurrency` concurrent calls, and measures each call. */
export async function runLoad(endpoint: string, load: Load): Promise<LoadFigures> {
  const { concurrency, durationMs, usesNewConnections = false } = load;
  const agent = new http.Agent({ keepAlive: !usesNewConnections, maxSockets: concurrency });
  const latenciesMs: number[] = [];
  const startMs = performance.now();
  const worker = async () => {
    while (performance.now() - startMs < durationMs) {
      const sentMs = performance.now();
      await callKms(endpoint, load, agent);
      latenciesMs.push(performance.now() - sentMs);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const seconds = (performance.now() - startMs) / 1000;
  agent.destroy();
  return {
    calls: latenciesMs.length,
    perSecond: latenciesMs.length / seconds,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
  };
}

/** Calls KMS without the SDK, because the SDK would use more CPU time than the measured server. */
export function callKms(
  endpoint: string,
  { operation, body, accessKeyId = '000000000000' }: Pick<Load, 'operation' | 'body' | 'accessKeyId'>,
  agent?: http.Agent,
): Promise<string> {
  const { hostname, port } = new URL(endpoint);
  if (hostname !== '127.0.0.1') throw new Error('Benchmarks send load only to this machine.');
  const text = JSON.stringify(body);
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `TrentService.${operation}`,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/kms/aws4_request, SignedHeaders=host, Signature=00`,
    'content-length': Buffer.byteLength(text),
  };
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, agent, method: 'POST', headers }, (response) => {
      let responseText = '';
      response.setEncoding('latin1').on('data', (chunk: string) => {
        responseText += chunk;
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(responseText);
        else reject(new Error(`${operation} returned status ${response.statusCode}: ${responseText}`));
      });
    });
    request.on('error', reject);
    request.end(text);
  });
}
