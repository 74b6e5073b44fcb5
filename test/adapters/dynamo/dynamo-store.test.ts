import { startDynoxide } from '../../../infra/local/engines/dynoxide.ts';
import { storeContract } from '../../contracts/store-contract.ts';

const given = process.env['STORE_ENDPOINT'];

if (given === undefined) storeContract('dynoxide', () => startDynoxide({ dataDir: null }));
else storeContract(given, async () => ({ endpoint: given, stop: async () => undefined }));
