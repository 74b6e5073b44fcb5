// Decides on what only reconcile finds (SL-11).
import type { Context } from './context.ts';
import { decidePositionSeen } from './decide-position.ts';
import type { Decision, Snapshot } from './decision.ts';
import type { Event } from './event.ts';
import { decidePositionAdopted } from './reconcile-adoption.ts';
import { decideCancelLost, decideClaimOrphaned, decideOrderVanished, decideOrphanFound, decideStopDiffers } from './reconcile-healing.ts';
import { unreachable } from './room.ts';

const TYPES = ['ORDER_VANISHED', 'CANCEL_LOST', 'STOP_DIFFERS', 'CLAIM_ORPHANED', 'ORPHAN_FOUND', 'POSITION_SEEN', 'POSITION_ADOPTED'] as const;

export type ReconcileEvent = Extract<Event, { type: (typeof TYPES)[number] }>;

/** Tells whether an event is one that only reconcile finds. */
export const isReconcileEvent = (event: Event): event is ReconcileEvent => TYPES.some((type) => type === event.type);

/** Decides on a finding of reconcile; each is asked again here of the state that is about to change. */
export const decideReconciled = (event: ReconcileEvent, snapshot: Snapshot, context: Context): Decision => {
  switch (event.type) {
    case 'ORDER_VANISHED':
      return decideOrderVanished(event, snapshot, context);
    case 'CANCEL_LOST':
      return decideCancelLost(event, snapshot, context);
    case 'STOP_DIFFERS':
      return decideStopDiffers(event, snapshot, context);
    case 'CLAIM_ORPHANED':
      return decideClaimOrphaned(event, snapshot);
    case 'ORPHAN_FOUND':
      return decideOrphanFound(event, snapshot, context);
    case 'POSITION_SEEN':
      return decidePositionSeen(event, snapshot, context);
    case 'POSITION_ADOPTED':
      return decidePositionAdopted(event, snapshot, context);
    default:
      return unreachable(event);
  }
};
