import type { Stage } from '../../infra/stages.ts';
import { krakenStage } from './stage-builder.ts';

/** The stage with everything that a role can be given: an exchange, its secret under a key of its own, people to be told, one address. */
export const roleStage = (): Stage =>
  krakenStage({ secretKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555' }, { alarmEmail: 'desk@example.com', egress: 'FIXED' });
