import type { Cause } from './cause.ts';
import { configCauses } from './config-causes.ts';
import { networkCauses } from './network-causes.ts';
import { responseCauses } from './response-causes.ts';
import { tokenCauses } from './token-causes.ts';

/** Every cause that a user must be able to tell from the others. */
export const causes: readonly Cause[] = [...configCauses, ...tokenCauses, ...responseCauses, ...networkCauses];
