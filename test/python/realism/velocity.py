"""What an online system would know at each transaction: counts over what came before, and nothing later."""

from collections import defaultdict, deque

import numpy as np

HOUR, DAY = 3600.0, 86400.0


class Window:
    """Counts per key in the last seconds; `distinct` of the values, when they are given."""

    def __init__(self, seconds: float):
        self.seconds = seconds
        self.rows = defaultdict(deque)
        self.counts = defaultdict(lambda: defaultdict(int))

    def count(self, key, at: float) -> int:
        rows = self.rows[key]
        while rows and rows[0][0] < at - self.seconds:
            _, value = rows.popleft()
            kinds = self.counts[key]
            kinds[value] -= 1
            if kinds[value] == 0:
                del kinds[value]
        return len(rows)

    def distinct(self, key) -> int:
        return len(self.counts[key])

    def share(self, key, value) -> float:
        return self.counts[key].get(value, 0) / max(1, len(self.rows[key]))

    def add(self, key, at: float, value=0) -> None:
        self.rows[key].append((at, value))
        self.counts[key][value] += 1


NAMES = (
    "card_1h card_24h card_merchants_24h card_declined_24h since_last amount_ratio merchant_is_new device_is_new "
    "ip_is_new ip_cards_24h ip_cards_1h device_cards merchant_10min merchant_declined_1h merchant_refunds "
    "bin_merchant_10min moved_abroad hours_since_present stripe_after_chip merchant_round mcc_1h cross_border"
).split()


def features(world) -> dict:
    text, at, usd = world.text, world.at, world.usd
    table = np.zeros((len(at), len(NAMES)), dtype=np.float32)
    card_hour, card_day, card_declined = Window(HOUR), Window(DAY), Window(DAY)
    card_mcc, ip_day, ip_hour, device_day = Window(HOUR), Window(DAY), Window(HOUR), Window(30 * DAY)
    merchant_10, merchant_hour, merchant_refunds = Window(600), Window(HOUR), Window(2 * DAY)
    bin_merchant, merchant_round = Window(600), Window(12 * HOUR)
    last, mean, present = {}, {}, {}
    seen = set()
    columns = ["card_id merchant_id device_id source_ip response_code type pan_bin mcc merchant_country card_present "
               "pos_entry_mode card_country amount_minor".split()]
    for row, values in enumerate(zip(*(text[name] for name in columns[0]))):
        card, merchant, device, ip, answer, kind, pan_bin, mcc, country, is_present, mode, home, amount = values
        now = at[row]
        usual = mean.get(card)
        country_before, present_at = present.get(card, (country, -1e9))
        is_stripe = mode in ("901", "801")
        table[row] = (
            card_hour.count(card, now),
            card_day.count(card, now),
            card_day.distinct(card),
            card_declined.count(card, now),
            now - last.get(card, now - 30 * DAY),
            usd[row] / usual[0] if usual else np.nan,
            (card, merchant) not in seen,
            (card, device) not in seen if device else np.nan,
            (card, ip) not in seen if ip else np.nan,
            (ip_day.count(ip, now), ip_day.distinct(ip))[1] if ip else np.nan,
            (ip_hour.count(ip, now), ip_hour.distinct(ip))[1] if ip else np.nan,
            (device_day.count(device, now), device_day.distinct(device))[1] if device else np.nan,
            merchant_10.count(merchant, now),
            merchant_hour.share(merchant, True) if merchant_hour.count(merchant, now) else np.nan,
            merchant_refunds.count(merchant, now) if kind == "refund" else 0,
            bin_merchant.count((pan_bin, merchant), now),
            is_present and country != country_before,
            (now - present_at) / HOUR if is_present else np.nan,
            is_stripe,
            merchant_round.count(merchant, now),
            (card_mcc.count((card, mcc), now)),
            home != country,
        )
        card_hour.add(card, now)
        card_day.add(card, now, merchant)
        card_mcc.add((card, mcc), now)
        if answer != "00":
            card_declined.add(card, now)
        if ip:
            ip_day.add(ip, now, card)
            ip_hour.add(ip, now, card)
            seen.add((card, ip))
        if device:
            device_day.add(device, now, card)
            seen.add((card, device))
        seen.add((card, merchant))
        merchant_10.add(merchant, now)
        merchant_hour.add(merchant, now, answer != "00")
        if kind == "refund":
            merchant_refunds.add(merchant, now)
        bin_merchant.add((pan_bin, merchant), now)
        if amount % 1000 == 0:
            merchant_round.add(merchant, now)
        last[card] = now
        if is_present:
            present[card] = (country, now)
        count = usual[1] if usual else 0
        mean[card] = ((usual[0] * count + usd[row]) / (count + 1) if usual else max(usd[row], 0.01), min(count + 1, 50))
    return {name: table[:, place] for place, name in enumerate(NAMES)}
