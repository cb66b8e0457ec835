import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogue } from '../../../shared/declaration/error-catalogue.ts';
import { sdkErrors } from '../../support/sdk-schemas.ts';

/** The errors that all AWS services share (https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html). */
const commonErrors = [
  'AccessDeniedException',
  'NotAuthorizedException',
  'ServiceUnavailableException',
  'ThrottlingException',
];

test('every code in the catalogue is a KMS error or a function throws it', () => {
  const sources = globSync(['shared/**/*.ts', 'functions/**/*.ts'])
    .filter((file) => !file.endsWith('error-catalogue.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const ofKms = new Set<string>([...sdkErrors.map(({ code }) => code), ...commonErrors]);
  const thrown = (code: string) => sources.includes(`'${code}'`);
  expect(Object.keys(catalogue).filter((code) => !ofKms.has(code) && !thrown(code))).toEqual([]);
});
