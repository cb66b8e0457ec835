import type { DataKeys } from '../../envelope/index.ts';
import type { CallOptions } from '../calls/call-operation.ts';
import { decryptDataKey } from './decrypt-data-key.ts';
import { generateDataKey } from './generate-data-key.ts';
import type { SealerSettings } from './settings.ts';

/** Returns data keys that the service generates and decrypts. `options` apply to each call. */
export function createKmsDataKeys(settings: SealerSettings, options: CallOptions): DataKeys {
  return {
    generate: (request) => generateDataKey(settings, request, options),
    decrypt: (request) => decryptDataKey(settings, request, options),
  };
}
