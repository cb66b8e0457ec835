import type { KeyObject } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { toStorageError } from '../core/storage-error.ts';
import { AliasTable } from './alias-table.ts';
import { openDatabase } from './database.ts';
import { GrantTable } from './grant-table.ts';
import { KeyStoreTable } from './key-store-table.ts';
import { KeyTable } from './key-table.ts';
import { LastUsageTable } from './last-usage-table.ts';
import { loadMasterKey } from './master-key.ts';
import { MaterialTable } from './material-table.ts';
import { PolicyTable } from './policy-table.ts';
import { ReadCache, type Versions } from './read-cache.ts';
import { seal, unseal } from './sealing.ts';
import { clearAll, putSnapshot, type Snapshot, takeSnapshot } from './snapshot.ts';
import { toStoreError } from './store-error.ts';
import { TagTable } from './tag-table.ts';

/** The emulator's persistent state, with one object per table. */
export class Store {
  readonly keys: KeyTable;
  readonly materials: MaterialTable;
  readonly aliases: AliasTable;
  readonly policies: PolicyTable;
  readonly tags: TagTable;
  readonly grants: GrantTable;
  readonly keyStores: KeyStoreTable;
  readonly lastUsages: LastUsageTable;
  readonly #database: DatabaseSync;
  readonly #masterKey: KeyObject;
  readonly #cache: ReadCache;

  constructor(database: DatabaseSync, masterKey: KeyObject) {
    this.#database = database;
    this.#masterKey = masterKey;
    this.#cache = new ReadCache(database);
    this.keys = new KeyTable(database, this.#cache);
    this.materials = new MaterialTable(database, masterKey, this.#cache);
    this.aliases = new AliasTable(database, this.#cache);
    this.policies = new PolicyTable(database, this.#cache);
    this.tags = new TagTable(database);
    this.grants = new GrantTable(database, this.#cache);
    this.keyStores = new KeyStoreTable(database);
    this.lastUsages = new LastUsageTable(database);
  }

  /**
   * Runs `change` as one transaction. When `write` returns, all changes are on disk. If `change` throws, nothing is
   * saved. Calls must not be nested.
   */
  write<T>(change: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    this.#cache.beginWrite();
    try {
      const result = change();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite may already have rolled back, as it does when the disk is full.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    } finally {
      this.#cache.endWrite();
    }
  }

  /** True while a transaction is open. */
  get isWriting(): boolean {
    return this.#cache.isWriting;
  }

  /** Makes writes by other processes visible. Call it at the start of each request. */
  refresh(): void {
    this.#cache.refresh();
  }

  /**
   * The versions of the store, which change whenever any process writes to it. The versions do not change when this
   * process writes last usages.
   */
  get versions(): Versions {
    return this.#cache.versions;
  }

  /**
   * Encrypts bytes that a caller keeps and sends back, such as import tokens. `label` binds the bytes to their purpose.
   */
  seal(label: string, bytes: Uint8Array): Buffer {
    return seal(this.#masterKey, Buffer.from(label), bytes);
  }

  /** Decrypts sealed bytes. Throws `StoreError` if this store did not seal them under this label. */
  unseal(label: string, sealed: Uint8Array): Buffer {
    return unseal(this.#masterKey, Buffer.from(label), sealed);
  }

  snapshot(): Snapshot {
    this.lastUsages.flush();
    return takeSnapshot(this.#database);
  }

  /**
   * Replaces the store's content with a snapshot. Throws `StoreError` if the snapshot has a different schema version or
   * master key.
   */
  restore(snapshot: Snapshot): void {
    this.write(() => {
      putSnapshot(this.#database, snapshot);
      this.materials.checkMasterKey();
    });
    this.lastUsages.forget();
  }

  /** Removes everything from the store. */
  clear(): void {
    this.write(() => clearAll(this.#database));
    this.lastUsages.forget();
  }

  close(): void {
    try {
      this.lastUsages.flush();
    } catch (error) {
      // Only usages from the last second can be lost, which is better than failing to stop.
      if (toStorageError(error) === undefined) throw error;
    } finally {
      this.#database.close();
    }
  }
}

/**
 * Opens the store in a data directory, or creates a store in memory. Throws `StoreError` if the store cannot be used.
 */
export function openStore(directory: string | undefined): Store {
  const database = openDatabase(directory);
  try {
    // Check for encrypted material before loading the master key, because another process may be creating both at the
    // same time.
    const needsMasterKey = MaterialTable.hasAny(database);
    const store = new Store(database, loadMasterKey(directory, needsMasterKey));
    store.materials.checkMasterKey();
    return store;
  } catch (error) {
    database.close();
    throw toStoreError(error, directory ?? 'memory');
  }
}
