import { startDynoxide } from '../../../infra/local/engines/dynoxide.ts';
import { storeContract } from '../../contracts/store-contract.ts';

const given = process.env['STORE_ENDPOINT'];

if (given === undefined) {
  storeContract('dynoxide', async () => ({ ...(await startDynoxide({ dataDir: null })), transactionUnits: 2 }));
} else {
  // DynamoDB Local counts a write in a transaction once, where the service bills it twice.
  storeContract('DynamoDB Local', async () => ({ endpoint: given, transactionUnits: 1, stop: async () => undefined }));
}
