import { readFileSync } from 'node:fs';
import { type Group, groups, type Operation } from '../../shared/declaration/operation.ts';
import { Components } from './components.ts';
import { buildProblemExamples, buildSharedResponses } from './error-responses.ts';
import type { Json } from './json-schema.ts';
import { buildOperation } from './path-item.ts';
import { gatewayErrorSchema, problemSchema } from './problem-schemas.ts';
import type { SampleResponses } from './sample-responses.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

const description = `
AWS KMS over HTTPS, with one function per operation. Names, limits and responses match the AWS KMS API.

- Bytes are base64-encoded. Responses contain ISO 8601 timestamps in UTC. Requests also accept Unix timestamps in seconds.
- In a path, write each \`/\` in a key identifier as \`.\`: \`alias/team/app\` becomes \`alias.team.app\`.
- For each route, every member has one location: path, query or body. Requests with unknown members return 400.
- Errors are problem details (RFC 9457) with AWS error codes. Errors from API Gateway itself contain only \`{"message": "…"}\`.
`.trim();

const tagDescriptions: Record<Group, string> = {
  keys: 'Create, list, describe, enable and disable keys, and schedule their deletion.',
  aliases: 'Create, list, update and delete aliases, which are friendly names for keys.',
  grants: 'Create, list, retire and revoke grants, which delegate permissions for a key.',
  policies: 'Get, list and replace key policies.',
  tags: 'Add, list and remove tags on keys.',
  rotation: 'Rotate key material automatically or on demand.',
  import: 'Import and delete key material.',
  replicas: 'Replicate multi-Region keys, and change their primary Region.',
  'key-stores': 'Manage custom key stores that use AWS CloudHSM or an external key manager.',
  crypto: 'Encrypt, decrypt, sign, verify, and generate data keys.',
  batch: 'Encrypt, decrypt, sign and verify many items with one request.',
  envelope: 'Seal and open messages of any content in the format of the AWS Encryption SDK.',
  tokens: 'Generate tokens that find values in a database that stores them encrypted.',
  usage: 'Find out whether a key is still used, before its deletion.',
  service: 'Check the service status.',
};

/** Builds the OpenAPI 3.1 document for these operations. */
export function buildOpenApiDocument(operations: readonly Operation[], responses: SampleResponses): Json {
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
        [route.method.toLowerCase()]: buildOperation(
          operation,
          route,
          components,
          responses.get(operation.name) ?? operation.example.output,
        ),
      };
    }
  }
  return {
    openapi: '3.1.1',
    info: { title: 'kms-functions', version, description, license: { name: 'MIT', identifier: 'MIT' } },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [{ url: 'http://localhost:3000', description: 'npm start' }],
    // A deployment requires one of the first two schemes. The local gateway requires no authentication.
    security: [{ sigv4: [] }, { jwt: [] }, {}],
    tags: present.map((name) => ({ name, description: tagDescriptions[name] })),
    paths,
    components: {
      schemas: components.schemas,
      responses: buildSharedResponses(),
      examples: buildProblemExamples(operations),
      securitySchemes,
    },
  };
}

/**
 * The security schemes in API Gateway's notation
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html).
 */
const securitySchemes: Json = {
  sigv4: {
    type: 'apiKey',
    name: 'Authorization',
    in: 'header',
    description: 'An AWS Signature Version 4 signature for the service `execute-api`.',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  },
  jwt: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: "A bearer token that the deployment's JWT authorizer accepts.",
  },
};
