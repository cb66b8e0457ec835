import { readFileSync } from 'node:fs';
import { type Group, groups, type Operation } from '../../shared/declaration/operation.ts';
import type { SampleAnswers } from '../sample-answers.ts';
import { Components } from './components.ts';
import type { Json } from './json-schema.ts';
import { operationObject } from './path-item.ts';
import { gatewayErrorSchema, problemExamples, problemSchema, sharedResponses } from './problems.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

const description = `
AWS KMS over HTTPS: one function per operation. Names, limits and answers are those of AWS's reference.

- Bytes are base64. Times come as ISO 8601 in UTC; they may be sent so, or as seconds since 1970.
- In a path, write each \`/\` of a key or alias as \`.\`: \`alias/team/app\` is \`alias.team.app\`.
- A member has one place on each route: path, query or body. An unknown member is a 400.
- Errors are problems (RFC 9457) with AWS's code. What API Gateway answers by itself is \`{"message": "…"}\`.
`.trim();

const tagDescriptions: Record<Group, string> = {
  keys: 'Make, find, describe, enable and disable keys, and schedule their deletion.',
  aliases: 'Names for keys.',
  grants: 'Permissions on one key, given by whoever may.',
  policies: "A key's own policy.",
  tags: 'Tags of keys.',
  rotation: 'New key material by the calendar or on demand.',
  import: 'Key material of your own.',
  replicas: 'Multi-Region keys.',
  'key-stores': 'Custom key stores: CloudHSM, and external key managers.',
  crypto: 'Encrypt, decrypt, sign, verify, and make data keys.',
  service: 'The service itself.',
};

/** The OpenAPI 3.1 document of these operations. */
export function openApiDocument(operations: readonly Operation[], answers: SampleAnswers): Json {
  const components = new Components();
  components.add('Problem', problemSchema);
  components.add('GatewayError', gatewayErrorSchema);
  const present = groups.filter((group) => operations.some((operation) => operation.group === group));
  const ordered = present.flatMap((group) => operations.filter((operation) => operation.group === group));
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of ordered) {
    for (const route of operation.routes) {
      paths[route.path] = {
        ...paths[route.path],
        [route.method.toLowerCase()]: operationObject(
          operation,
          route,
          components,
          answers.get(operation.name) ?? operation.example.output,
        ),
      };
    }
  }
  return {
    openapi: '3.1.1',
    info: { title: 'kms-functions', version, description, license: { name: 'MIT', identifier: 'MIT' } },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [{ url: 'http://localhost:3000', description: 'npm start' }],
    // A deployment has one of the first two; on a laptop, where no gateway checks, none is needed.
    security: [{ sigv4: [] }, { jwt: [] }, {}],
    tags: present.map((name) => ({ name, description: tagDescriptions[name] })),
    paths,
    components: {
      schemas: components.schemas,
      responses: sharedResponses(),
      examples: problemExamples(operations),
      securitySchemes,
    },
  };
}

/** As API Gateway's own exports and imports name them (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html). */
const securitySchemes: Json = {
  sigv4: {
    type: 'apiKey',
    name: 'Authorization',
    in: 'header',
    description: 'AWS Signature Version 4, for the service `execute-api`.',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  },
  jwt: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: "A token that the deployment's JWT authorizer takes.",
  },
};
