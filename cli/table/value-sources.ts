/** The values that shells complete: names of files, or values from the declarations. */
export type ValueSource = 'files' | keyof typeof valueSources;

/** Loads the values from the declarations, so that commands start without them. */
export const valueSources = {
  operations: async () => (await import('../../functions/all-operations.ts')).allOperations.map(({ name }) => name),
  keySpecs: async () => (await import('../../shared/declaration/shapes.ts')).keySpec().options,
  keyUsages: async () => (await import('../../shared/declaration/shapes.ts')).keyUsage().options,
  signingAlgorithms: async () => (await import('../../shared/declaration/shapes.ts')).signingAlgorithm().options,
  encryptionAlgorithms: async () => (await import('../../shared/declaration/shapes.ts')).encryptionAlgorithm().options,
  shells: async () => ['bash', 'zsh', 'fish'],
} satisfies Record<string, () => Promise<readonly string[]>>;
