"""What can be counted: R7 to R13."""

import numpy as np
from scipy import stats

HONEST_TYPES = ("purchase", "auth_only", "cash_advance")


def judge(world, declared: dict) -> dict:
    honest = ~world.is_fraud
    return {
        "R7": amounts(world, honest, declared),
        "R8": clock(world, honest, declared),
        "R9": arrivals(world, honest),
        "R10": popularity(world, honest),
        "R11": independence(world, honest),
        "R12": prevalence(world, declared),
        "R13": declines(world, honest),
    }


def amounts(world, honest, declared) -> dict:
    """R7: exact amounts, divided by what this card usually spends, are lognormal as their category says."""
    text = world.text
    mcc, channel = np.array(text["mcc"]), np.array(text["channel"])
    amount = np.array(text["amount_minor"], dtype=np.int64)
    shop = honest & (channel == "pos") & (np.array(text["type"]) == "purchase")
    usd = shop & (np.array(text["currency"]) == "USD") & (amount % 100 != 0)
    cards = np.array(text["card_id"])
    worst = 0.0
    for row in declared["categories"]:
        own = np.log(world.usd[usd & (mcc == row["mcc"])])
        if len(own) < 3000 or row["usdMedian"] < 10:
            continue
        # The card's own factor is lognormal too, so that the sum of both logarithms is normal.
        sigma = np.hypot(row["sigma"], declared["spendSigma"])
        error = stats.kstest(own, "norm", args=(np.log(row["usdMedian"]), sigma)).statistic
        # What chance alone makes of so few: purchases of one card are alike.
        worst = max(worst, error - 1.36 / np.sqrt(independent(cards[usd & (mcc == row["mcc"])], declared, sigma)))
    some = honest & (amount > 0)
    first = np.array([int(str(one)[0]) for one in amount[some]])
    shares = np.bincount(first, minlength=10)[1:] / some.sum()
    benford = np.abs(shares - np.log10(1 + 1 / np.arange(1, 10))).mean()
    whole = (amount[shop & (np.array(text["currency"]) == "USD")] % 100 == 0).mean()
    holds = worst < 0.01 and benford < 0.012 and 0.1 <= whole <= 0.25
    bound = "KS beyond chance < .01, Benford < .012, whole units 10-25 %"
    return {"holds": holds, "bound": bound, "ks": worst, "benford": benford, "whole": whole}


def independent(cards, declared, sigma) -> float:
    """How many independent rows these are worth: the design effect of cards with a factor each."""
    _, counts = np.unique(cards, return_counts=True)
    alike = (declared["spendSigma"] / sigma) ** 2
    return len(cards) / (1 + ((counts**2).sum() / len(cards) - 1) * alike)


def clock(world, honest, declared) -> dict:
    """R8: local hours and weekdays as the calendar says; subscriptions keep hours of their own."""
    kinds = np.array(world.text["type"])
    # What follows by itself, and countries of several clocks, are looked at by src/generators/expert.test.ts.
    chosen = honest & (np.array(world.text["channel"]) != "recurring") & world.has_one_clock
    chosen &= ~np.isin(kinds, ("refund", "completion", "reversal"))
    local = (world.at + world.offset * 3600)[chosen]
    hours = np.bincount((local // 3600 % 24).astype(int), minlength=24) / chosen.sum()
    hour_error = np.abs(hours - np.array(declared["hours"]) / sum(declared["hours"])).sum()
    # Whole weeks only, and as many days of each kind; months and holidays move the weekdays a little.
    weeks = int((local[-1] - local[0]) // 604800)
    whole = local[(local - local[0]) < weeks * 604800]
    days = np.bincount((whole // 86400 + 3).astype(int) % 7, minlength=7) / len(whole)
    day_error = np.abs(days - np.array(declared["days"]) / sum(declared["days"])).sum()
    holds = hour_error < 0.01 and day_error < 0.03
    return {"holds": holds, "bound": "L1 of hours < .01, of weekdays < .03", "hours": hour_error, "days": day_error}


def arrivals(world, honest) -> dict:
    """R9: cards differ and days differ: no Poisson process of one rate."""
    cards = np.unique(np.array(world.text["card_id"])[honest], return_inverse=True)[1]
    days = ((world.at[honest] - world.at[0]) // 86400).astype(int)
    counts = np.zeros((cards.max() + 1, days.max() + 1))
    np.add.at(counts, (cards, days), 1)
    counts = counts[:, 1:-1]
    busy = counts[counts.mean(axis=1) >= 0.5]
    dispersion = (busy.var(axis=1, ddof=1) / busy.mean(axis=1)).mean()
    index = (busy.var(axis=1, ddof=1) / busy.mean(axis=1) * (busy.shape[1] - 1)).sum()
    p = stats.chi2.sf(index, busy.shape[0] * (busy.shape[1] - 1))
    holds = 1 <= dispersion <= 2 and p < 0.001
    return {"holds": holds, "bound": "dispersion 1-2, Poisson rejected", "dispersion": dispersion, "p": p}


def popularity(world, honest) -> dict:
    """R10: few merchants have most customers: the slope of count over rank, first 2 % to 30 % of the ranks."""
    _, counts = np.unique(np.array(world.text["merchant_id"])[honest], return_counts=True)
    counts = np.sort(counts)[::-1]
    ranks = np.arange(1, len(counts) + 1)
    part = slice(len(counts) // 50, len(counts) * 3 // 10)
    exponent = -np.polyfit(np.log(ranks[part]), np.log(counts[part]), 1)[0]
    return {"holds": 0.8 <= exponent <= 1.2, "bound": ".8-1.2", "exponent": exponent}


def independence(world, honest) -> dict:
    """R11: what is bought hangs a little on the clock, and never wholly."""
    values = {}
    for name in ("weekday", "hour"):
        table = np.zeros((world.raw["mcc"].max() + 1, 24))
        np.add.at(table, (world.raw["mcc"][honest], world.raw[name][honest].astype(int)), 1)
        table = table[:, table.sum(axis=0) > 0]
        values[name] = stats.contingency.association(table.astype(int))
    holds = all(0.001 <= value <= 0.2 for value in values.values())
    return {"holds": holds, "bound": "Cramer's V .001-.2", "v": values}


def prevalence(world, declared) -> dict:
    share = world.is_fraud.mean()
    holds = abs(share / declared["fraudRate"] - 1) <= 0.05
    return {"holds": holds, "bound": f"{declared['fraudRate']} +- 5 %", "share": share}


def declines(world, honest) -> dict:
    share = (np.array(world.text["response_code"])[honest] != "00").mean()
    return {"holds": 0.02 <= share <= 0.06, "bound": "2-6 %", "share": share}
