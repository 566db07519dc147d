import {
  administer,
  changeDevice,
  changeGroupAccess,
  changeSso,
  changeToken,
  changeVaultAccess,
  createServiceAccount,
  createVault,
  deleteServiceAccount,
  deleteVault,
  repeatChange,
  secureOneself,
  touchVault,
} from './access-scenarios.ts';
import type { Scenario } from './account.ts';
import { administerAside, changeContent, secureDevices } from './content-scenarios.ts';
import { changeGroup, createGroup, deleteGroup } from './membership-scenarios.ts';
import {
  endSuspension,
  invite,
  join,
  leave,
  recover,
  remove,
  suspend,
  withdrawInvitation,
} from './people-scenarios.ts';

type Weighted = readonly (readonly [weight: number, scenario: Scenario])[];

/** What leaves access, membership and people as they are, by how often. */
export const uneventful: Weighted = [
  [10, changeDevice],
  [12, changeContent],
  [8, secureOneself],
  [7, secureDevices],
  [7, touchVault],
  [4, administer],
  [4, administerAside],
  [3, changeSso],
  [2, recover],
];

/** Everything that happens in the account, by how often. */
export const scenarios: Weighted = [
  ...uneventful,
  [14, changeGroup],
  [14, changeVaultAccess],
  [7, changeGroupAccess],
  [6, changeToken],
  [5, invite],
  [4, join],
  [2, createVault],
  [2, suspend],
  [3, endSuspension],
  [1.5, repeatChange],
  [1, withdrawInvitation],
  [1, remove],
  [0.8, deleteVault],
  [0.5, leave],
  [0.5, createGroup],
  [0.5, createServiceAccount],
  [0.4, deleteGroup],
  [0.3, deleteServiceAccount],
];
