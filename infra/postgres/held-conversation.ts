/**
 * The conversation `$1` while the lease with fence `$2` is held, locked until the transaction ends: nobody can take the
 * lease over between this check and the commit. `no key update` leaves room for rows that only refer to it.
 */
export const HELD_CONVERSATION = `
  held as (
    select id, tenant_id from conversation
     where id = $1::uuid and tenant_id = current_tenant() and fence = $2::bigint and lease_owner is not null
       for no key update
  )`;
