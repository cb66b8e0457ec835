import { readFileSync } from 'node:fs';
import * as sdk from '@aws-sdk/client-kms';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { memberDescriptions } from '../../scripts/openapi/member-descriptions.ts';
import { catalogue } from '../../shared/declaration/error-catalogue.ts';
import { listErrors, memberNames } from '../../shared/declaration/operation.ts';
import { documentedOperations, expectToMatch, openApi, responseSchema } from '../support/openapi.ts';
import { allOperations } from '../support/operations.ts';

const deployedRoutes = allOperations.flatMap(({ routes }) => routes.map(({ method, path }) => `${method} ${path}`));

const source = readFileSync('docs/reference/openapi.json', 'utf8');

describe('docs/reference/openapi.json', () => {
  test('the OpenAPI document is valid according to the OpenAPI 3.1 schema', async () => {
    const validator = new Validator();
    expect(await validator.validate(JSON.parse(source))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  test('the OpenAPI document passes the linter without warnings', async () => {
    // The document contains only the local server, because each deployment has a different URL.
    const config = await createConfig({ extends: ['recommended-strict'], rules: { 'no-server-example.com': 'off' } });
    const problems = await lintFromString({ source, absoluteRef: 'docs/reference/openapi.json', config });
    expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
  });

  test("the OpenAPI document contains exactly the operations' routes", () => {
    const documented = documentedOperations.map(({ method, path }) => `${method} ${path}`);
    expect(documented.sort()).toEqual(deployedRoutes.sort());
  });

  test.for(allOperations)('the OpenAPI document describes every request member of $name', (operation) => {
    expect(memberNames(operation).filter((name) => memberDescriptions[name] === undefined)).toEqual([]);
  });

  test('every description of a request member belongs to a member', () => {
    const known = new Set(allOperations.flatMap(memberNames));
    expect(Object.keys(memberDescriptions).filter((name) => !known.has(name))).toEqual([]);
  });

  test('the OpenAPI document uses all of its components', () => {
    const { schemas, responses, examples } = openApi.components;
    const pointers = Object.entries({ schemas, responses, examples }).flatMap(([kind, components]) =>
      Object.keys(components).map((name) => `#/components/${kind}/${name}`),
    );
    expect(pointers.filter((pointer) => !source.includes(`"${pointer}"`))).toEqual([]);
  });

  const declared = new Set<string>(allOperations.flatMap(listErrors));
  const ofEveryRoute = Object.keys(catalogue).filter((code) => !(code in sdk) && !declared.has(code));
  test.for(documentedOperations)(
    'the OpenAPI document lists every service error code on each route: $name',
    ({ responses }) => {
      const text = JSON.stringify(responses);
      const hasBody = '415' in responses;
      const codes = ofEveryRoute.filter(
        (code) => hasBody || !/^(PayloadTooLarge|UnsupportedMediaType)Error$/.test(code),
      );
      expect(codes.filter((code) => !text.includes(`"${code}"`))).toEqual([]);
    },
  );

  test('the OpenAPI document lists the codes of idempotency keys only on the route for CreateKey', () => {
    const codes = Object.keys(catalogue).filter((code) => code.startsWith('Idempotency'));
    for (const { name, responses } of documentedOperations) {
      const text = JSON.stringify(responses);
      const listed = codes.filter((code) => text.includes(`"${code}"`));
      expect(listed, name).toEqual(name === 'createKey' ? codes : []);
    }
  });

  test.for(Object.entries(openApi.components.examples))(
    'the OpenAPI document contains a valid problem as the example for %s',
    ([, { value }]) => {
      expectToMatch('#/components/schemas/Problem', value);
    },
  );

  test.for(documentedOperations)(
    'the OpenAPI document contains examples that match their schemas in every response: $name',
    (row) => {
      const shown = Object.entries(row.responses).flatMap(([status, { content = {} }]) =>
        Object.entries(content).map(([mediaType, { example }]) => ({ status, mediaType, example })),
      );
      const withExample = shown.filter(({ example }) => example !== undefined);
      const gateways = ['401', '403', '404', '429', '503'];
      expect(withExample.map(({ status }) => status)).toEqual(expect.arrayContaining(gateways));
      for (const { status, mediaType, example } of withExample)
        expectToMatch(responseSchema(row, status, mediaType), example);
    },
  );
});
