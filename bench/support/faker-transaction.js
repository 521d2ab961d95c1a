/** A transaction whose every field is asked of faker, as test data is usually made. */
export function fakerTransaction(faker) {
  const amount = faker.number.int({ min: 100, max: 50_000 });
  const currency = faker.finance.currencyCode();
  const country = faker.location.countryCode();
  return {
    schema_version: 1,
    transaction_id: faker.string.alphanumeric({ length: 26, casing: 'upper' }),
    event_time: faker.date.recent().toISOString(),
    type: faker.helpers.arrayElement(['purchase', 'refund', 'auth_only', 'cash_advance']),
    channel: faker.helpers.arrayElement(['ecom', 'pos', 'atm', 'moto', 'recurring']),
    card_id: `ct_${faker.string.alphanumeric({ length: 13, casing: 'upper' })}`,
    pan_bin: faker.string.numeric(6),
    pan_last4: faker.string.numeric(4),
    card_brand: faker.helpers.arrayElement(['visa', 'mastercard', 'amex']),
    card_type: faker.helpers.arrayElement(['credit', 'debit', 'prepaid']),
    card_country: country,
    account_age_days: faker.number.int(3650),
    merchant_id: faker.string.alphanumeric({ length: 15, casing: 'upper' }),
    merchant_name: faker.company.name(),
    mcc: faker.string.numeric(4),
    merchant_country: country,
    merchant_city: faker.location.city(),
    terminal_id: faker.string.numeric(8),
    amount_minor: amount,
    currency,
    billing_amount_minor: amount,
    billing_currency: currency,
    pos_entry_mode: faker.helpers.arrayElement(['051', '071', '901', '812', '102']),
    card_present: faker.datatype.boolean(),
    source_ip: faker.internet.ip(),
    device_id: `dv_${faker.string.alphanumeric({ length: 13, casing: 'upper' })}`,
    user_agent_family: faker.helpers.arrayElement(['chrome', 'safari', 'app', 'edge', 'firefox']),
    three_ds: faker.helpers.arrayElement(['none', 'frictionless', 'challenge', 'failed']),
    eci: faker.helpers.arrayElement(['05', '06', '07']),
    avs_result: faker.helpers.arrayElement(['Y', 'A', 'Z', 'N', 'U']),
    cvv_result: faker.helpers.arrayElement(['M', 'N', 'U']),
    response_code: faker.helpers.arrayElement(['00', '05', '51', '54']),
    stan: faker.string.numeric(6),
    rrn: faker.string.numeric(12),
    auth_code: faker.string.alphanumeric({ length: 6, casing: 'upper' }),
  };
}
