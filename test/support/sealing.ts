import {
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DisableKeyCommand,
  type KMSClient,
  ReplicateKeyCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll } from 'vitest';
import { type Client, createClient, http } from '../../client/index.ts';
import { type ApiGateway, startApiGateway } from './api-gateway.ts';
import { clientFor, useEmulator } from './emulator.ts';
import { loadHandler, setLocalEnvironment } from './handlers.ts';
import { allOperations as operations } from './operations.ts';

/** An emulator and the functions behind an API. */
export interface Sealing {
  /** A client of the functions. */
  readonly client: Client;
  readonly gateway: ApiGateway;
  readonly kms: KMSClient;
  readonly endpoint: string;
  /** The names of the operations that were called through the API since the last call of this function. */
  takeCalls(): string[];
  /** Creates a key, by default in the functions' Region, and returns its ARN. */
  createKey(input?: CreateKeyCommandInput, region?: string): Promise<string>;
  disableKey(keyArn: string): Promise<void>;
  /** Creates a replica in another Region, and returns its ARN. */
  replicateKey(keyArn: string, region: string): Promise<string>;
}

/** Starts an emulator and the functions for the tests in a file. `regions` are the additional Regions of the deployment. */
export function useSealing({ regions }: { regions?: string } = {}): Sealing {
  const used = useEmulator({ seed: 'none' });
  const sealing = {} as { -readonly [Name in keyof Sealing]: Sealing[Name] };
  beforeAll(async () => {
    setLocalEnvironment(used.emulator.endpoint);
    if (regions !== undefined) process.env.ALLOWED_REGIONS = regions;
    const gateway = await startApiGateway({ operations, loadHandler });
    Object.assign(sealing, {
      gateway,
      kms: used.client,
      endpoint: used.emulator.endpoint,
      client: createClient({ transport: http({ endpoint: gateway.endpoint }), retry: { attempts: 1 } }),
    });
  });
  afterAll(() => sealing.gateway.close());
  return Object.assign(sealing, {
    takeCalls: () =>
      sealing.gateway.requests.splice(0).map(({ method, path }) => `${method} ${decodeURIComponent(path)}`),
    createKey: async (input: CreateKeyCommandInput = {}, region?: string) => {
      const kms = region === undefined ? sealing.kms : clientFor(sealing.endpoint, { region });
      return (await kms.send(new CreateKeyCommand(input))).KeyMetadata?.Arn ?? '';
    },
    disableKey: async (KeyId: string) => {
      await sealing.kms.send(new DisableKeyCommand({ KeyId }));
    },
    replicateKey: async (KeyId: string, region: string) => {
      const replica = await sealing.kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: region }));
      return replica.ReplicaKeyMetadata?.Arn ?? '';
    },
  });
}
