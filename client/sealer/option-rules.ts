import type { DataKeyCacheOptions } from '../../envelope/index.ts';
import { isObject } from '../../shared/declaration/json-object.ts';
import { isPlainObject, type Rule, type Rules } from './check-options.ts';
import type { DecryptKeyId, MessageOptions, SealerDefaults } from './options.ts';

const decryptKeyIds = ['message', 'sealer', 'none'] as const satisfies readonly DecryptKeyId[];

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const hasMethods = (value: unknown, ...names: string[]) =>
  isObject(value) && names.every((name) => typeof value[name] === 'function');

export const callback: Rule = { isMet: (value) => typeof value === 'function', text: 'must be a function.' };
export const flag: Rule = { isMet: (value) => typeof value === 'boolean', text: 'must be `true` or `false`.' };

/** For options that the message format or the cache checks. */
const checkedLater: Rule = { isMet: () => true, text: '' };

export const messageRules: Rules<MessageOptions> = {
  encryptionContext: {
    isMet: (value) => isPlainObject(value) && Object.values(value).every((text) => typeof text === 'string'),
    text: "must be an object whose values are strings, such as `{ document: '42' }`.",
  },
  signal: {
    isMet: (value) => hasMethods(value, 'addEventListener', 'removeEventListener', 'throwIfAborted'),
    text: 'must be an AbortSignal.',
  },
};

export const cacheRules: Rules<DataKeyCacheOptions> = {
  maxAgeSeconds: checkedLater,
  maxMessages: checkedLater,
  maxBytes: checkedLater,
  maxEntries: checkedLater,
  onUse: callback,
};

export const sealerRules: Rules<SealerDefaults & { readonly client: unknown; readonly transport: unknown }> = {
  client: {
    isMet: (value) => hasMethods(value, 'generateDataKey', 'encrypt', 'decrypt'),
    text: 'must be a client, such as `createClient({ transport })`.',
  },
  transport: {
    isMet: (value) => hasMethods(value, 'send'),
    text: "must be a transport, such as `http({ endpoint: 'http://localhost:3000' })`.",
  },
  keyId: { isMet: isText, text: 'must be a key id, key ARN, alias name or alias ARN.' },
  additionalKeyIds: {
    isMet: (value) => Array.isArray(value) && value.every(isText),
    text: 'must be an array of key ids, key ARNs, alias names or alias ARNs.',
  },
  encryptionContext: messageRules.encryptionContext,
  cache: { isMet: isObject, text: 'must be an object with `maxAgeSeconds`, `maxMessages` and `maxBytes`.' },
  suite: checkedLater,
  frameLength: checkedLater,
  commitmentPolicy: checkedLater,
  decryptKeyId: {
    isMet: (value) => decryptKeyIds.some((name) => name === value),
    text: `must be one of ${decryptKeyIds.join(', ')}.`,
  },
  maxEncryptedDataKeys: checkedLater,
  maxFrameLength: checkedLater,
  maxHeaderBytes: checkedLater,
  maxFrames: checkedLater,
};
