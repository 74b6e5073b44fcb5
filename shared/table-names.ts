// Names of the table's attributes that the stack, the local cloud and the store have to agree on.

/** Partition key: the account, so that accounts never contend. */
export const PARTITION_KEY = 'pk';
/** Sort key: what the item is. */
export const SORT_KEY = 'sk';
/** Epoch seconds after which the table may drop an item by itself. */
export const TIME_TO_LIVE = 'ttl';
