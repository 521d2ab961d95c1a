"""The features of fixtures/features/manifest.json, computed the slow way: from its words, with nothing shared with src/features.

    python features.py FOLDER > FOLDER/expected.txt

Reads manifest.json, addresses.json (who has which address) and input.ndjson, whose lines are {"transaction": ...} or
{"label": ...} in the order in which they are handled. Prints a line for each transaction: its id, and the bits of each feature as
eight hexadecimal digits, "-" where it is missing. Each feature looks at all that came before, anew.
"""

import ipaddress
import json
import math
import sys
from datetime import datetime, timezone
from pathlib import Path

import numpy as np

NAN = math.nan
DAY_MS = 86400000


class Handled:
    """A transaction, and what the rules call its parts."""

    def __init__(self, transaction: dict, manifest: dict, addresses: dict):
        get = transaction.get
        self.raw = transaction
        moment = datetime.strptime(transaction["event_time"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
        self.time = round(moment.timestamp() * 1000)
        is_billed = get("billing_amount_minor") is not None and get("billing_currency") is not None
        self.amount = get("billing_amount_minor") if is_billed else transaction["amount_minor"]
        currency = get("billing_currency") if is_billed else transaction["currency"]
        self.rate = manifest["minor_per_usd"].get(currency, NAN)
        owner = addresses.get(get("source_ip")) or {}
        self.ip_country, self.ip_kind = owner.get("country"), owner.get("kind")
        self.network = network(get("source_ip"))
        self.day = self.time // DAY_MS
        self.terminal = terminal_of(transaction)
        self.is_declined = get("response_code") not in (None, "00")
        self.is_round = transaction["amount_minor"] % 1000 == 0
        self.is_refund = get("type") == "refund"
        self.present_country = get("merchant_country") if get("card_present") is True else None


def network(text):
    """The network of an address; nothing for a text that is none."""
    if text is None:
        return None
    address = ipaddress.ip_address(text)
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped
    return (4, int(address) >> 8) if address.version == 4 else (6, int(address) >> 80)


def fnv(text: str) -> int:
    """FNV-1a of 32 bits over UTF-8; half of a surrogate pair is U+FFFD."""
    value = 0x811C9DC5
    for byte in text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode("utf-8"):
        value = (value ^ byte) * 0x01000193 % 2**32
    return value or 1


def terminal_of(names: dict):
    """The terminal that a transaction or a label names: its merchant, and the hash of its number."""
    number = names.get("terminal_id")
    return None if number is None else (names.get("merchant_id"), fnv(number))


class Now:
    """The current transaction before everything that was handled before it, and the frauds reported by then."""

    def __init__(self, current: Handled, before: list, reports: list, manifest: dict):
        self.manifest, self.current, self.before, self.reports = manifest, current, before, reports

    def days(self, of, size: str, all_days: list) -> list:
        """The days of the current key in the order in which they were first used, of the last ones each item."""
        key = of(self.current)
        order, items = [], {}
        for one, day in all_days:
            if of(one) != key:
                continue
            if day not in items:
                order.append(day)
                items[day] = []
                if len(order) > self.manifest["rings"][size]:
                    del items[order.pop(0)]
            items[day].append(one)
        return [(day, items[day]) for day in order]

    def of_days(self, of, size: str, window: int, last: int, all_days=None) -> list:
        """The items of D(N), K(N) or R(N), a list for each day."""
        source = [(one, one.day) for one in self.before] if all_days is None else all_days
        days = self.days(of, size, source)
        return [items for day, items in days if last - window // DAY_MS <= day <= last]

    def ring(self, field: str, size: str, only=lambda one: True) -> list:
        key = self.current.raw.get(field)
        return [one for one in self.before if one.raw.get(field) == key and only(one)][-self.manifest["rings"][size] :]

    def visible(self, ring: list, window: int) -> list:
        return [one for one in ring if self.current.time - window <= one.time < self.current.time]

    def card(self, window: int) -> list:
        return self.visible(self.ring("card_id", "card"), window)

    def ip(self, window: int) -> list:
        return self.visible(self.ring("source_ip", "ip"), window)

    def merchant(self, window: int) -> list:
        return self.visible(self.ring("merchant_id", "merchant"), window)


def previous(rows: list):
    """The one with the greatest time; among equals the one inserted last."""
    return max(enumerate(rows), key=lambda pair: (pair[1].time, pair[0]))[1] if rows else None


def known(value, then):
    return NAN if value is None else then(value)


def code(now: Now, field: str, value) -> float:
    """The index of a code; missing for a value that has none."""
    codes = now.manifest["codes"][field]
    return codes.index(value) if value in codes else NAN


def differ(one, other) -> float:
    return NAN if one is None or other is None else float(one != other)


def local(now: Now) -> float:
    offset = now.manifest["utc_offset_minutes"].get(now.current.raw.get("card_country"))
    return NAN if offset is None else now.current.time + offset * 60000


def whole(value: float, then) -> float:
    return NAN if math.isnan(value) else then(value)


def speed(now: Now, start: str, end: str, ms: int) -> float:
    if start == end:
        return 0.0
    return distance(now, start, end) / max(ms / 3600000, 1 / 60)


def is_new(rows: list, value, of, needs_some: bool) -> float:
    seen = [of(row) for row in rows]
    if value is None or not rows or (needs_some and all(one is None for one in seen)):
        return NAN
    return float(value not in seen)


def moved(now: Now, window: int, to, of) -> float:
    last = previous([row for row in now.card(window) if of(row) is not None])
    if to is None or last is None:
        return NAN
    return speed(now, of(last), to, now.current.time - last.time)


def card_days(now: Now, window: int):
    """n, s and q of the days of the card: sums of each day, then over the days."""
    count, total, squares = 0, 0.0, 0.0
    for items in now.of_days(lambda one: one.raw["card_id"], "card_days", window, now.current.day):
        day_total, day_squares = 0.0, 0.0
        for one in items:
            day_total += float(one.amount)
            day_squares += float(one.amount) * float(one.amount)
        count, total, squares = count + len(items), total + day_total, squares + day_squares
    return count, total, squares


def mean(now: Now, window: int) -> float:
    count, total, _ = card_days(now, window)
    return NAN if count == 0 else total / count


def deviation(now: Now, window: int) -> float:
    count, total, squares = card_days(now, window)
    if count < 3:
        return NAN
    usual = total / count
    return math.sqrt(max(0.0, squares / count - usual * usual))


def deviations(now: Now, window: int) -> float:
    usual, off = mean(now, window), deviation(now, window)
    if math.isnan(off):
        return NAN
    most = max(off, usual * 0.05)
    return NAN if most == 0 else (now.current.amount - usual) / most


def day_count(now: Now, of, size: str, window: int) -> int:
    return sum(len(items) for items in now.of_days(of, size, window, now.current.day))


def day_risk(now: Now, key: str, of, window: int) -> float:
    known_day = (now.current.time - now.manifest["label_delay_ms"]) // DAY_MS
    known = sum(len(items) for items in now.of_days(of, f"{key}_days", window, known_day))
    reported = now.of_days(of, f"{key}_reports", window, now.current.day, [(one, one.day) for one in now.reports])
    prior = now.manifest["risk_prior"]
    return (sum(len(items) for items in reported) + prior["frauds"]) / (known + prior["transactions"])


def distance(now: Now, start: str, end: str) -> float:
    if start == end:
        return 0.0
    places = now.manifest["positions"]
    if start not in places or end not in places:
        return NAN
    (ax, ay, az), (bx, by, bz) = places[start], places[end]
    return now.manifest["earth_radius_km"] * math.sqrt((ax - bx) * (ax - bx) + (ay - by) * (ay - by) + (az - bz) * (az - bz))


def apart(now: Now, window: int, to, of) -> float:
    last = previous([row for row in now.card(window) if of(row) is not None])
    return NAN if to is None or last is None else distance(now, of(last), to)


def others(now: Now, rows: list) -> int:
    return len({row.raw["card_id"] for row in rows} - {now.current.raw["card_id"]})


def share(rows: list) -> float:
    return sum(row.is_declined for row in rows) / len(rows) if rows else NAN


def of_ip(now: Now, then) -> float:
    return NAN if now.current.raw.get("source_ip") is None else then()


def of_merchant(now: Now, then) -> float:
    return NAN if now.current.raw.get("merchant_id") is None else then()


def of_ring(now: Now, size: str, window: int, only) -> int:
    return len(now.visible(now.ring("merchant_id", size, only), window))


def raw(field: str):
    return lambda now, window: known(now.current.raw.get(field), float)


def coded(field: str):
    return lambda now, window: code(now, field, now.current.raw.get(field))


def counted(now: Now, window: int) -> int:
    return len(now.card(window))


FEATURES = {
    "amount_usd": lambda now, w: now.current.amount / now.current.rate,
    "mcc": raw("mcc"),
    "type": coded("type"),
    "channel": coded("channel"),
    "entry_mode": raw("pos_entry_mode"),
    "card_present": raw("card_present"),
    "three_ds": coded("three_ds"),
    "avs_result": coded("avs_result"),
    "cvv_result": coded("cvv_result"),
    "card_type": coded("card_type"),
    "account_age_days": raw("account_age_days"),
    "hour_local": lambda now, w: whole(local(now), lambda ms: ms // 3600000 % 24),
    "weekday_local": lambda now, w: whole(local(now), lambda ms: (ms // 86400000 + 3) % 7),
    "abroad": lambda now, w: differ(now.current.raw.get("card_country"), now.current.raw.get("merchant_country")),
    "ip_class": lambda now, w: code(now, "ip_class", now.current.ip_kind),
    "ip_not_of_card": lambda now, w: differ(now.current.ip_country, now.current.raw.get("card_country")),
    "ip_not_of_merchant": lambda now, w: differ(now.current.ip_country, now.current.raw.get("merchant_country")),
    "card_count_10m": counted,
    "card_count_1h": counted,
    "card_count_24h": counted,
    "card_sum_24h": lambda now, w: sum(row.amount for row in now.card(w)) / now.current.rate,
    "card_declines_24h": lambda now, w: sum(row.is_declined for row in now.card(w)),
    "card_seconds_since_previous": lambda now, w: known(previous(now.card(w)), lambda p: (now.current.time - p.time) / 1000),
    "card_merchants_24h": lambda now, w: len({row.raw.get("merchant_id") for row in now.card(w)} - {None}),
    "card_same_mcc_1h": lambda now, w: known(
        now.current.raw.get("mcc"), lambda mcc: sum(row.raw.get("mcc") == mcc for row in now.card(w))
    ),
    "card_merchant_is_new": lambda now, w: is_new(
        now.card(w), now.current.raw.get("merchant_id"), lambda row: row.raw.get("merchant_id"), False
    ),
    "card_device_is_new": lambda now, w: is_new(
        now.card(w), now.current.raw.get("device_id"), lambda row: row.raw.get("device_id"), True
    ),
    "card_network_is_new": lambda now, w: is_new(now.card(w), now.current.network, lambda row: row.network, True),
    "card_country_is_new": lambda now, w: is_new(
        now.card(w), now.current.raw.get("merchant_country"), lambda row: row.raw.get("merchant_country"), True
    ),
    "card_ip_distance_km": lambda now, w: apart(now, w, now.current.ip_country, lambda row: row.ip_country),
    "card_ip_speed_kmh": lambda now, w: moved(now, w, now.current.ip_country, lambda row: row.ip_country),
    "card_present_distance_km": lambda now, w: apart(now, w, now.current.present_country, lambda row: row.present_country),
    "card_present_speed_kmh": lambda now, w: moved(now, w, now.current.present_country, lambda row: row.present_country),
    "ip_count_1h": lambda now, w: of_ip(now, lambda: len(now.ip(w))),
    "ip_cards_1h": lambda now, w: of_ip(now, lambda: others(now, now.ip(w))),
    "ip_cards_24h": lambda now, w: of_ip(now, lambda: others(now, now.ip(w))),
    "ip_declines_1h": lambda now, w: of_ip(now, lambda: sum(row.is_declined for row in now.ip(w))),
    "merchant_count_10m": lambda now, w: of_merchant(now, lambda: len(now.merchant(w))),
    "merchant_declined_share_1h": lambda now, w: of_merchant(now, lambda: share(now.merchant(w))),
    "merchant_same_bin_10m": lambda now, w: of_merchant(
        now,
        lambda: known(
            now.current.raw.get("pan_bin"), lambda pan: sum(row.raw.get("pan_bin") == pan for row in now.merchant(w))
        ),
    ),
    "merchant_refunds_48h": lambda now, w: of_merchant(
        now, lambda: of_ring(now, "merchant_refunds", w, lambda one: one.is_refund)
    ),
    "merchant_round_12h": lambda now, w: of_merchant(now, lambda: of_ring(now, "merchant_round", w, lambda one: one.is_round)),
}


def merchant_key(one):
    return one.raw.get("merchant_id")


def terminal_key(one):
    return one.terminal


for days in (1, 7, 30):
    FEATURES[f"card_count_{days}d"] = lambda now, w: card_days(now, w)[0]
    FEATURES[f"card_amount_mean_{days}d"] = lambda now, w: mean(now, w) / now.current.rate
    FEATURES[f"card_amount_deviation_{days}d"] = lambda now, w: deviation(now, w) / now.current.rate
    FEATURES[f"card_amount_z_{days}d"] = deviations
    FEATURES[f"ip_count_{days}d"] = lambda now, w: of_ip(
        now, lambda: day_count(now, lambda one: one.raw.get("source_ip"), "ip_days", w)
    )
    FEATURES[f"merchant_count_{days}d"] = lambda now, w: of_merchant(
        now, lambda: day_count(now, merchant_key, "merchant_days", w)
    )
    FEATURES[f"merchant_risk_{days}d"] = lambda now, w: of_merchant(now, lambda: day_risk(now, "merchant", merchant_key, w))
    FEATURES[f"terminal_count_{days}d"] = lambda now, w: known(
        now.current.terminal, lambda _: day_count(now, terminal_key, "terminal_days", w)
    )
    FEATURES[f"terminal_risk_{days}d"] = lambda now, w: known(
        now.current.terminal, lambda _: day_risk(now, "terminal", terminal_key, w)
    )


class Report:
    """A reported fraud: what its label names, and the day of its report."""

    def __init__(self, label: dict):
        self.raw, self.terminal = label, terminal_of(label)
        moment = datetime.strptime(label["reported_at"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
        self.time = round(moment.timestamp() * 1000)
        self.day = self.time // DAY_MS
        self.key = learner(label)

    def is_due(self, current: Handled) -> bool:
        return self.key == learner(current.raw) and self.time <= current.time


def learner(names: dict):
    """Who learns a report before its own transactions: the merchant, or a terminal without one."""
    return ("merchant", names["merchant_id"]) if names.get("merchant_id") is not None else ("terminal", terminal_of(names))


def teaches(label: dict) -> bool:
    names = label.get("merchant_id") is not None or label.get("terminal_id") is not None
    return label["is_fraud"] and label.get("reported_at") is not None and names


def main(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    addresses = json.loads((folder / "addresses.json").read_text(encoding="utf-8"))
    before, pending, reports, taken = [], [], [], set()
    for line in (folder / "input.ndjson").read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        if "label" in item:
            label = item["label"]
            if teaches(label) and label["transaction_id"] not in taken:
                taken.add(label["transaction_id"])
                pending.append(Report(label))
            continue
        current = Handled(item["transaction"], manifest, addresses)
        reports += sorted((one for one in pending if one.is_due(current)), key=lambda one: one.time)
        pending = [one for one in pending if not one.is_due(current)]
        now = Now(current, before, reports, manifest)
        row = [FEATURES[one["name"]](now, one["window_ms"]) for one in manifest["features"]]
        print(item["transaction"]["transaction_id"], *map(bits, row))
        before.append(current)


def bits(value: float) -> str:
    return "-" if math.isnan(value) else np.array(value, dtype=">f4").tobytes().hex()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
