import {
  administer,
  changeDevice,
  changeGroupAccess,
  changeSso,
  changeToken,
  changeVaultAccess,
  createGroup,
  createServiceAccount,
  createVault,
  secureOneself,
  touchVault,
} from './access-scenarios.ts';
import type { Scenario } from './audit-draft.ts';
import { administerAside, changeContent, secureDevices } from './content-scenarios.ts';
import {
  changeGroup,
  endSuspension,
  invite,
  join,
  recover,
  suspend,
  withdrawInvitation,
} from './membership-scenarios.ts';

/** Everything that happens in the account, by how often. */
export const scenarios: readonly (readonly [weight: number, scenario: Scenario])[] = [
  [14, changeGroup],
  [14, changeVaultAccess],
  [10, changeDevice],
  [12, changeContent],
  [8, secureOneself],
  [7, changeGroupAccess],
  [7, secureDevices],
  [7, touchVault],
  [6, changeToken],
  [5, invite],
  [4, join],
  [4, administer],
  [4, administerAside],
  [3, changeSso],
  [2, createVault],
  [2, suspend],
  [3, endSuspension],
  [2, recover],
  [1, withdrawInvitation],
  [0.5, createGroup],
  [0.5, createServiceAccount],
];
