import type { Transaction } from '../../transactions/transaction.ts';

/**
 * Reads a field of a transaction, by its name.
 *
 * A function for each: one that reads whatever name it was given would look it up anew for each transaction.
 */
export const fieldReaders: {
  readonly [Name in keyof Transaction]-?: (transaction: Transaction) => Transaction[Name];
} = {
  schema_version: ({ schema_version }) => schema_version,
  transaction_id: ({ transaction_id }) => transaction_id,
  event_time: ({ event_time }) => event_time,
  type: ({ type }) => type,
  channel: ({ channel }) => channel,
  card_id: ({ card_id }) => card_id,
  pan_bin: ({ pan_bin }) => pan_bin,
  pan_last4: ({ pan_last4 }) => pan_last4,
  card_brand: ({ card_brand }) => card_brand,
  card_type: ({ card_type }) => card_type,
  card_country: ({ card_country }) => card_country,
  account_age_days: ({ account_age_days }) => account_age_days,
  merchant_id: ({ merchant_id }) => merchant_id,
  merchant_name: ({ merchant_name }) => merchant_name,
  mcc: ({ mcc }) => mcc,
  merchant_country: ({ merchant_country }) => merchant_country,
  merchant_city: ({ merchant_city }) => merchant_city,
  terminal_id: ({ terminal_id }) => terminal_id,
  amount_minor: ({ amount_minor }) => amount_minor,
  currency: ({ currency }) => currency,
  billing_amount_minor: ({ billing_amount_minor }) => billing_amount_minor,
  billing_currency: ({ billing_currency }) => billing_currency,
  pos_entry_mode: ({ pos_entry_mode }) => pos_entry_mode,
  card_present: ({ card_present }) => card_present,
  source_ip: ({ source_ip }) => source_ip,
  device_id: ({ device_id }) => device_id,
  user_agent_family: ({ user_agent_family }) => user_agent_family,
  three_ds: ({ three_ds }) => three_ds,
  eci: ({ eci }) => eci,
  avs_result: ({ avs_result }) => avs_result,
  cvv_result: ({ cvv_result }) => cvv_result,
  response_code: ({ response_code }) => response_code,
  stan: ({ stan }) => stan,
  rrn: ({ rrn }) => rrn,
  auth_code: ({ auth_code }) => auth_code,
  cvm: ({ cvm }) => cvm,
  original_transaction_id: ({ original_transaction_id }) => original_transaction_id,
};
