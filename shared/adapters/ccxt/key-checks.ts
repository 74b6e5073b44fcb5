// How each venue tells whether money may be taken out with a key; read on 2026-11-21 in the documentation named.
import * as z from 'zod';
import type { KeyCheck } from './dialect.ts';
import { readAs } from './reader.ts';

const restrictions = z.object({ enableWithdrawals: z.boolean() });
const bybitKey = z.object({ result: z.object({ permissions: z.object({ Wallet: z.array(z.string()) }) }) });
const okxConfig = z.object({ data: z.array(z.object({ perm: z.string() })).min(1) });
const coinbaseKey = z.object({ can_transfer: z.boolean() });
const krakenKey = z.object({ result: z.object({ permissions: z.array(z.string()) }) });

/** GET /sapi/v1/account/apiRestrictions (Wallet, API Key Permission), for both of its markets; its test networks have no such service. */
export const binanceKeyCheck: KeyCheck = {
  inSandbox: false,
  canWithdraw: async (ask) => readAs('apiRestrictions', restrictions, await ask('sapiGetAccountApiRestrictions')).enableWithdrawals,
};

/** GET /v5/user/query-api (Get API Key Information), which every key may ask. */
export const bybitKeyCheck: KeyCheck = {
  inSandbox: true,
  canWithdraw: async (ask) => readAs('query-api', bybitKey, await ask('privateGetV5UserQueryApi')).result.permissions.Wallet.includes('Withdraw'),
};

/** GET /api/v5/account/config: `perm` of the key that asks, words with commas between. */
export const okxKeyCheck: KeyCheck = {
  inSandbox: true,
  canWithdraw: async (ask) => readAs('account/config', okxConfig, await ask('privateGetAccountConfig')).data.some(({ perm }) => perm.split(',').includes('withdraw')),
};

/** GET /api/v3/brokerage/key_permissions: `can_transfer` is deposits and withdrawals. */
export const coinbaseKeyCheck: KeyCheck = {
  inSandbox: false,
  canWithdraw: async (ask) => readAs('key_permissions', coinbaseKey, await ask('v3PrivateGetBrokerageKeyPermissions')).can_transfer,
};

/** POST /0/private/GetApiKeyInfo (Get API Key Info), which needs no permission. */
export const krakenKeyCheck: KeyCheck = {
  inSandbox: false,
  canWithdraw: async (ask) => readAs('GetApiKeyInfo', krakenKey, await ask('privatePostGetApiKeyInfo')).result.permissions.some((permission) => permission.includes('withdraw')),
};
