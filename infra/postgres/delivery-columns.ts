/** What a delivery is when it is added; its state and its place in the order are not among them. */
export const DELIVERY_COLUMNS = `
  id, tenant_id, conversation_id, cause_type, cause_id, purpose, part, operation, target_delivery_id, speaker_role,
  speaker_name, reply`;
