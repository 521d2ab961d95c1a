"""Transactions a second whose every field Faker of Python makes, as lines of JSON: how many."""

import json
import sys
import time

from faker import Faker

faker = Faker("en_US", use_weighting=False)
Faker.seed(1)


def transaction():
    country = faker.country_code()
    currency = faker.currency_code()
    amount = faker.random_int(100, 50_000)
    return {
        "schema_version": 1,
        "transaction_id": faker.bothify("?" * 26),
        "event_time": faker.date_time_this_year().isoformat(),
        "type": faker.random_element(("purchase", "refund", "auth_only", "cash_advance")),
        "channel": faker.random_element(("ecom", "pos", "atm", "moto", "recurring")),
        "card_id": faker.bothify("ct_?????????????"),
        "pan_bin": faker.numerify("######"),
        "pan_last4": faker.numerify("####"),
        "card_brand": faker.random_element(("visa", "mastercard", "amex")),
        "card_type": faker.random_element(("credit", "debit", "prepaid")),
        "card_country": country,
        "account_age_days": faker.random_int(0, 3650),
        "merchant_id": faker.bothify("?" * 15),
        "merchant_name": faker.company(),
        "mcc": faker.numerify("####"),
        "merchant_country": country,
        "merchant_city": faker.city(),
        "terminal_id": faker.numerify("########"),
        "amount_minor": amount,
        "currency": currency,
        "billing_amount_minor": amount,
        "billing_currency": currency,
        "pos_entry_mode": faker.random_element(("051", "071", "901", "812", "102")),
        "card_present": faker.boolean(),
        "source_ip": faker.ipv4(),
        "device_id": faker.bothify("dv_?????????????"),
        "user_agent_family": faker.random_element(("chrome", "safari", "app", "edge", "firefox")),
        "three_ds": faker.random_element(("none", "frictionless", "challenge", "failed")),
        "eci": faker.random_element(("05", "06", "07")),
        "avs_result": faker.random_element(("Y", "A", "Z", "N", "U")),
        "cvv_result": faker.random_element(("M", "N", "U")),
        "response_code": faker.random_element(("00", "05", "51", "54")),
        "stan": faker.numerify("######"),
        "rrn": faker.numerify("############"),
        "auth_code": faker.bothify("??????"),
    }


count = int(sys.argv[1])
started = time.perf_counter()
size = sum(len(json.dumps(transaction()).encode()) for _ in range(count))
assert size > 0
print(count / (time.perf_counter() - started))
