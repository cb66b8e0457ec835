import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { encrypt } from '../../functions/crypto/encrypt/operation.ts';
import { accessLogFormat } from '../../infra/gateway/access-log.ts';
import { buildServiceParts } from '../../infra/service.ts';
import { functionName } from '../../shared/declaration/operation.ts';
import { callRecord } from '../../shared/observability/call-record.ts';
import { captureLog } from '../support/captured-log.ts';
import { buildBearerEvent, claimTenancy, createGatewayContext, loadDeployedHandler } from '../support/deployed.ts';
import { deployment, everyOperation } from '../support/deployments.ts';
import { kmsError, useFaultServer } from '../support/fault-server.ts';
import { createContext, loadHandler, setLocalEnvironment } from '../support/handlers.ts';
import { allOperations } from '../support/operations.ts';
import { invoke } from '../support/outcome.ts';

const runbook = readFileSync('docs/guides/runbook.md', 'utf8');

test('the runbook has a section for each alarm', () => {
  const { Resources } = buildServiceParts(deployment(everyOperation)).resources;
  const alarms = Object.keys(Resources).filter((id) => (Resources[id] as { Type: string }).Type.endsWith('::Alarm'));
  const sections = [...runbook.matchAll(/^## Alarm: (.*)$/gm)].flatMap(([, names = '']) => names.split(', '));
  expect(sections.toSorted()).toEqual(alarms.map((id) => id.replace(/Alarm$/, '')).toSorted());
});

test('the runbook never deploys with a single parameter, which would remove all other parameters', () => {
  expect(runbook).not.toMatch(/--param |reservedConcurrency=|serverless deploy/);
});

test('the runbook sends the session token with each signed request', () => {
  const deploying = readFileSync('docs/guides/deploying.md', 'utf8');
  const [, call = ''] = /^(call\(\) \{\n[\s\S]*?^\})/m.exec(deploying) ?? [];
  expect(call).toContain('--aws-sigv4');
  expect(call).toContain('x-amz-security-token');
  for (const page of [runbook, deploying.replace(call, '')]) {
    expect(page).toMatch(/^call .*\$API\//m);
    expect(page).not.toMatch(/^ *curl |--aws-sigv4/m);
  }
});

test('the runbook contains only the names of existing functions', () => {
  const names = [...runbook.matchAll(/--function-name kms-functions-STAGE-(\w+)/g)].map(([, name]) => name);
  const existing = [...allOperations.map(functionName), 'forwardAudit'];
  expect(names.length).toBeGreaterThan(2);
  for (const name of names) expect(existing).toContain(name);
});

test('the queries use only members that the call record or the access log contains', () => {
  const queries = [...runbook.matchAll(/^```text\n(filter .*)\n```$/gm)].map(([, query = '']) => query);
  const record = { ...callRecord.shape, 'caller.principal': true, message: true };
  expect(queries.length).toBeGreaterThan(11);
  for (const query of queries) {
    const known = Object.keys(
      query.includes('message =') || query.includes('operation in') ? record : JSON.parse(accessLogFormat),
    );
    expect(known, query).toEqual(expect.arrayContaining(readMembers(query)));
  }
});

/** Returns the names in a query, except keywords, functions and the names that the query itself defines. */
function readMembers(query: string): string[] {
  const words = /^(filter|stats|by|sort|desc|limit|and|in|as)$/;
  const defined = [...query.matchAll(/ as (\w+)/g)].map(([, name]) => name);
  return [...query.replaceAll(/"[^"]*"|\b\d+\w?\b/g, '').matchAll(/[A-Za-z][\w.]*(?!\w*[\w.]*\()/g)]
    .map(([name]) => name)
    .filter((name) => !words.test(name) && !defined.includes(name));
}

describe('a query on the log of the functions', () => {
  const queries = [...runbook.matchAll(/^filter (message = .*?) \| stats/gm)].map(([, filter = '']) => filter);
  const faults = useFaultServer();
  const lines: Record<string, unknown>[] = [];

  beforeAll(async () => {
    setLocalEnvironment(faults.endpoint);
    const handler = await loadHandler(encrypt);
    const responses = [
      [kmsError('KMSInternalException', '', 500)],
      [kmsError('ThrottlingException')],
      [kmsError('AccessDeniedException')],
      // After the 300 ms that the function reserves, less than a second is left.
      [kmsError('NotFoundException'), 1_300],
    ] as const;
    for (const [respond, timeoutMs] of responses) {
      faults.respond = respond;
      const written = await captureLog(async () => {
        const outcome = await invoke(handler, encrypt.example.input, createContext(timeoutMs));
        if (outcome.ok || outcome.trigger !== 'direct') throw new Error('the invocation did not fail');
        const { name, message } = outcome.error;
        // The line that the Node.js runtime writes for an error that a handler throws, with the JSON log format.
        lines.push({ level: 'ERROR', message: { errorType: name, errorMessage: message, stackTrace: [] } });
      });
      lines.push(...written.map(({ json }) => json));
    }
    const deployed = await loadDeployedHandler(encrypt, { auth: 'jwt', tenancy: claimTenancy });
    const event = buildBearerEvent(
      encrypt,
      { tenant_id: 'payments' },
      { ...encrypt.example.input, KeyId: 'alias/other/key' },
    );
    lines.push(...(await captureLog(() => invoke(deployed, event, createGatewayContext()))).map(({ json }) => json));
  }, 30_000);

  /** Evaluates a filter of the form `member operator value and …`. */
  function matches(line: Readonly<Record<string, unknown>>, filter: string): boolean {
    return filter.split(' and ').every((condition) => {
      const [, member = '', operator, value = ''] = /^(\w+) (=|>=|<) (.+)$/.exec(condition) ?? [];
      if (operator === undefined) throw new Error(`the test cannot evaluate ${condition}`);
      const actual = line[member];
      if (operator === '=') return actual === JSON.parse(value);
      return operator === '<' ? Number(actual) < Number(value) : Number(actual) >= Number(value);
    });
  }

  test('a log query finds exactly the calls with the status, and ignores the lines that the Node.js runtime writes', () => {
    expect(lines).toHaveLength(9);
    const found = new Map(
      queries.map((filter) => [filter, lines.filter((line) => matches(line, filter)).map(({ outcome }) => outcome)]),
    );
    const all = ['KMSInternalException', 'ThrottlingException', 'AccessDeniedException', 'NotFoundException'];
    expect(Object.fromEntries(found)).toEqual({
      'message = "call"': [...all, 'CallerNotAllowedError'],
      'message = "call" and status >= 500': ['KMSInternalException'],
      'message = "call" and status = 429': ['ThrottlingException'],
      'message = "call" and status = 403': ['AccessDeniedException', 'CallerNotAllowedError'],
      'message = "call" and attempts >= 2': ['KMSInternalException'],
      'message = "call" and timeLeftMs < 1000': ['NotFoundException'],
      'message = "call" and tenant = "payments"': ['CallerNotAllowedError'],
    });
  });
});
