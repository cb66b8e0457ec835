import type * as z from 'zod/mini';
import type * as shapes from '../../shared/declaration/shapes.ts';

export type KeySpec = z.output<ReturnType<typeof shapes.keySpec>>;
export type KeyUsage = z.output<ReturnType<typeof shapes.keyUsage>>;
