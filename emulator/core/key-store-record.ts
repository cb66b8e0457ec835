import type { describeCustomKeyStores } from '../../functions/key-stores/describe-custom-key-stores/operation.ts';
import type { OperationOutput } from '../../shared/declaration/operation.ts';

export type KeyStoreEntry = NonNullable<OperationOutput<typeof describeCustomKeyStores>['CustomKeyStores']>[number];
type XksProxyConfiguration = NonNullable<KeyStoreEntry['XksProxyConfiguration']>;

/**
 * What the store keeps of a custom key store. No secret is among it: nothing is there to log in to, so the password of a
 * cluster and the secret key of a proxy are looked at and dropped.
 */
export interface KeyStoreRecord {
  name: string;
  readonly type: 'AWS_CLOUDHSM' | 'EXTERNAL_KEY_STORE';
  /** Milliseconds since 1970. */
  readonly createdMs: number;
  /** AWS is CONNECTING and DISCONNECTING for minutes; here both are done when the call returns. A seed can have FAILED. */
  connectionState: 'CONNECTED' | 'DISCONNECTED' | 'FAILED';
  connectionErrorCode?: KeyStoreEntry['ConnectionErrorCode'];
  /** Of a CloudHSM key store. */
  clusterId?: string | undefined;
  readonly trustAnchorCertificate?: string | undefined;
  /** Of an external key store. */
  proxy?: XksProxyConfiguration | undefined;
}

/** A custom key store as the store found it. */
export interface KeyStore {
  readonly seq: number;
  readonly account: string;
  readonly region: string;
  /** `cks-` and 17 hexadecimal digits. */
  readonly keyStoreId: string;
  readonly record: KeyStoreRecord;
}
