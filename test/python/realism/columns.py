"""Transactions as columns."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import orjson

CATEGORIES = (
    "type channel pan_bin card_brand card_type card_country mcc merchant_country currency pos_entry_mode "
    "card_present user_agent_family three_ds eci avs_result cvv_result response_code cvm"
).split()
KEPT = (
    "transaction_id card_id merchant_id device_id source_ip is_fraud fraud_scenario ip_country ip_class "
    "amount_minor billing_amount_minor billing_currency account_age_days"
).split()


@dataclass
class World:
    """`text`: lists of values as they were. `raw`: numbers that a model takes. `at`: seconds of event time."""

    text: dict = field(default_factory=dict)
    raw: dict = field(default_factory=dict)
    at: np.ndarray = None
    usd: np.ndarray = None
    is_fraud: np.ndarray = None
    scenario: np.ndarray = None
    offset: np.ndarray = None
    has_one_clock: np.ndarray = None


def read(path: str, declared: dict) -> World:
    names = [*KEPT, *CATEGORIES]
    lists = {name: [] for name in names}
    pairs = [(name, lists[name].append) for name in names]
    times = []
    with open(path, "rb") as file:
        for line in file:
            row = orjson.loads(line)
            times.append(row["event_time"][:-1])
            for name, append in pairs:
                append(row.get(name))
    world = World(text=lists)
    world.at = np.array(times, dtype="datetime64[ms]").astype(np.int64) / 1000
    world.is_fraud = np.array(lists["is_fraud"], dtype=bool)
    world.scenario = np.array([name or "" for name in lists["fraud_scenario"]])
    units = {row["currency"]: row["minorPerUsd"] for row in declared["countries"]}
    billed = np.array(lists["billing_amount_minor"], dtype=float)
    world.usd = billed / np.array([units[code] for code in lists["billing_currency"]])
    world.offset = offsets(world.at, lists["card_country"], declared)
    single = {row["code"] for row in declared["countries"] if row["zones"] == 1}
    world.has_one_clock = np.array([code in single for code in lists["card_country"]])
    for name in CATEGORIES:
        world.raw[name] = codes(lists[name])
    world.raw["usd"] = world.usd
    world.raw["account_age_days"] = np.array(
        [np.nan if days is None else days for days in lists["account_age_days"]], dtype=float
    )
    world.raw["hour"] = (world.at / 3600 + world.offset) % 24
    world.raw["weekday"] = (world.at // 86400 + 3) % 7
    return world


def offsets(at: np.ndarray, countries: list, declared: dict) -> np.ndarray:
    """Hours ahead of UTC by the clock of most cards of the country, as the machine's time zone database has it."""
    zones = {row["code"]: ZoneInfo(row["zone"]) for row in declared["countries"]}
    known = {}
    found = np.empty(len(at))
    for row, (hour, code) in enumerate(zip((at // 3600).astype(int), countries)):
        if (hour, code) not in known:
            moment = datetime.fromtimestamp(hour * 3600, zones[code])
            known[hour, code] = moment.utcoffset().total_seconds() / 3600
        found[row] = known[hour, code]
    return found


def codes(values: list) -> np.ndarray:
    """Values as whole numbers from 0, in the order of their text."""
    table = {value: code for code, value in enumerate(sorted(set(values), key=str))}
    return np.array([table[value] for value in values], dtype=np.int32)
