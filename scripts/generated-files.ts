import * as z from 'zod';
import { allOperations, awsOperations } from '../functions/all-operations.ts';
import { folderName } from '../shared/declaration/operation.ts';
import { callRecord } from '../shared/observability/call-record.ts';
import { benchmarksPage } from './benchmarks-page.ts';
import { clientMethods } from './client-methods.ts';
import { buildCommandLinePage } from './command-line-page.ts';
import { compatibilityPage } from './compatibility/page.ts';
import { buildConfigurationPage } from './configuration-page.ts';
import { errorsPage, operationsPage } from './docs-pages.ts';
import { emulatorOperationsPage } from './emulator-operations-page.ts';
import { buildOpenApiDocument } from './openapi/document.ts';
import { collectSampleResponses } from './openapi/sample-responses.ts';
import { directEvent, httpEvent } from './sample-events.ts';
import { defaultSeedOf, seedJsonSchema } from './seed-files.ts';

/** The folders that contain only generated files. */
export const generatedFolders = ['events/http', 'events/direct'] as const;

/** Builds all files that are generated from declarations, parameters, or results of benchmarks and compatibility runs, by repository path. */
export async function generatedFiles(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const operation of allOperations) {
    files.set(`events/http/${folderName(operation)}.json`, json(httpEvent(operation)));
    files.set(`events/direct/${folderName(operation)}.json`, json(directEvent(operation)));
  }
  files.set('emulator/seed/default.json', json(defaultSeedOf(allOperations)));
  files.set('emulator/seed/seed.schema.json', json(seedJsonSchema()));
  files.set('docs/reference/audit-record.schema.json', json(z.toJSONSchema(callRecord)));
  files.set('docs/reference/command-line.md', buildCommandLinePage());
  files.set('docs/reference/configuration.md', buildConfigurationPage());
  for (const [file, content] of benchmarksPage()) files.set(file, content);
  files.set('docs/reference/compatibility.md', compatibilityPage());
  files.set('client/methods.ts', clientMethods(allOperations));
  files.set('docs/reference/errors.md', errorsPage());
  files.set('docs/reference/operations.md', operationsPage(allOperations));
  files.set('docs/reference/emulator-operations.md', emulatorOperationsPage(awsOperations));
  files.set(
    'docs/reference/openapi.json',
    json(buildOpenApiDocument(allOperations, await collectSampleResponses(awsOperations))),
  );
  return files;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
