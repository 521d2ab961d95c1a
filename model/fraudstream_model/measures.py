"""How good scores are: ranking, calibration, and money."""

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

DAY_MS = 86_400_000
BINS = 10


def of(rows, scores, threshold: float, review_cost: float, cards: int = 100) -> dict:
    """All figures of scores (0..1, one a row) at a threshold. `rows` has is_fraud, card_id, event_ms, and amount_usd where it is known."""
    truth = rows["is_fraud"].to_numpy(dtype=bool)
    alarm = scores >= threshold
    return {
        "transactions": int(len(truth)),
        "frauds": int(truth.sum()),
        "average_precision": float(average_precision_score(truth, scores)),
        "roc_auc": float(roc_auc_score(truth, scores)),
        "recall_at_1_percent_false_positives": recall_at(truth, scores, 0.01),
        f"card_precision_at_{cards}": card_precision(rows, truth, scores, cards),
        "brier": float(np.mean((scores - truth) ** 2)),
        "expected_calibration_error": calibration_error(truth, scores),
        # Without an alarm there is no precision.
        "precision": float(truth[alarm].mean()) if alarm.any() else None,
        "recall": float(alarm[truth].mean()),
        "confusion": {
            "true_positives": int((alarm & truth).sum()),
            "false_positives": int((alarm & ~truth).sum()),
            "false_negatives": int((~alarm & truth).sum()),
            "true_negatives": int((~alarm & ~truth).sum()),
        },
        "cost_usd": cost(rows, truth, alarm, review_cost),
        "cost_usd_without_model": cost(rows, truth, np.zeros(len(truth), dtype=bool), review_cost),
    }


def recall_at(truth, scores, false_positives: float) -> float:
    """Recall where so large a share of the genuine ones raises an alarm."""
    limit = np.quantile(scores[~truth], 1 - false_positives)
    return float((scores[truth] > limit).mean())


def card_precision(rows, truth, scores, count: int) -> float:
    """Of the `count` most suspicious cards of a day, the share that is defrauded that day; mean over days.

    A card that was found is blocked, and is left out on later days. As the Fraud Detection Handbook defines it.
    """
    days = (rows["event_ms"].to_numpy() // DAY_MS).astype(np.int64)
    cards = rows["card_id"].to_numpy()
    found, shares = set(), []
    for day in np.unique(days):
        of_day = days == day
        best, guilty = {}, set()
        for card, score, is_fraud in zip(cards[of_day], scores[of_day], truth[of_day]):
            if card in found:
                continue
            best[card] = max(best.get(card, -1.0), score)
            if is_fraud:
                guilty.add(card)
        top = sorted(best, key=lambda card: (-best[card], card))[:count]
        hits = guilty.intersection(top)
        found |= hits
        shares.append(len(hits) / count)
    return float(np.mean(shares))


def calibration(truth, scores) -> list:
    """Mean score, share of frauds and count of bins of equal width."""
    bins = np.minimum((scores * BINS).astype(int), BINS - 1)
    table = []
    for each in range(BINS):
        here = bins == each
        if here.any():
            table.append((float(scores[here].mean()), float(truth[here].mean()), int(here.sum())))
    return table


def calibration_error(truth, scores) -> float:
    """The mean distance between promise and outcome, over the bins, each weighing as many as it has."""
    return float(sum(abs(promise - share) * count for promise, share, count in calibration(truth, scores)) / len(truth))


def cost(rows, truth, alarm, review_cost: float):
    """US dollars: the amounts of frauds that pass, and a review of every alarm; None where no fraud has an amount."""
    if not has_amounts(rows):
        return None
    amounts = amounts_of(rows)
    return float(amounts[truth & ~alarm].sum() + review_cost * alarm.sum())


def cheapest_threshold(rows, scores, review_cost: float) -> float:
    """The threshold that costs least on these rows; the one of the best F1 where no fraud has an amount."""
    truth = rows["is_fraud"].to_numpy(dtype=bool)
    order = np.argsort(-scores, kind="stable")
    alarms = np.arange(1, len(order) + 1)
    if has_amounts(rows):
        amounts = amounts_of(rows)
        saved = np.cumsum(np.where(truth[order], amounts[order], 0.0))
        costs = amounts[truth].sum() - saved + review_cost * alarms
    else:
        costs = -2 * np.cumsum(truth[order]) / (alarms + truth.sum())
    # Between two equal scores there is no threshold.
    is_last = np.append(scores[order][1:] != scores[order][:-1], True)
    best = int(np.flatnonzero(is_last)[np.argmin(costs[is_last])])
    return float(np.float32(scores[order][best]))


def has_amounts(rows) -> bool:
    """True where the amount of some fraud is known in US dollars."""
    return "amount_usd" in rows and bool(rows.loc[rows["is_fraud"] == 1, "amount_usd"].notna().any())


def amounts_of(rows):
    return np.nan_to_num(rows["amount_usd"].to_numpy(dtype=float))


def per_scenario(rows, scores, threshold: float) -> dict:
    """Of each kind of fraud: how many, and the share that raises an alarm."""
    frauds = rows["is_fraud"].to_numpy(dtype=bool)
    kinds = rows["fraud_scenario"].fillna("unknown").to_numpy(dtype=object)
    found = {}
    for kind in sorted(set(kinds[frauds])):
        here = frauds & (kinds == kind)
        found[kind] = {"frauds": int(here.sum()), "recall": float((scores[here] >= threshold).mean())}
    return found
