"""How far anyone can get who knows the Handbook's simulator but learns of frauds after seven days; prints JSON.

    python ceiling.py FOLDER     the data folder, whose tables say by which scenario each fraud was made

The oracle knows the three scenarios: amounts above 220 are frauds; a terminal is compromised for 28 days, which is known seven days after
its first fraud; a card spends five times as much for 14 days, in a third of its transactions, and cards with a known fraud are left out.
It knows the mean of each card from all that is genuine, the future included, and infers from all amounts of a card whether it is
compromised. No model can do better but by chance.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score, roc_auc_score

from protocol import DELAY, WINDOWS, measures, split
from table import stored

TERMINAL_DAYS, CARD_DAYS, FACTOR = 28, 14, 5
CARDS_A_DAY, TERMINALS_A_DAY, SHARE = 3, 2, 1 / 3
# Of a normal distribution whose deviation is half its mean; the simulator draws such an amount again, from 0 to twice the mean.
NEGATIVE = 0.02275


def density(amount, mean):
    """Of a genuine amount of a card with this mean."""
    normal = np.exp(-((amount / mean - 1) ** 2) * 2) / (mean / 2 * np.sqrt(2 * np.pi))
    return normal + np.where(amount < 2 * mean, NEGATIVE / (2 * mean), 0) + 1e-12


def fraud_of_card(days, amounts, mean: float, begins: float):
    """The probability of each transaction of a card to be of its compromised days, by all its amounts until then."""
    usual = density(amounts, mean)
    spent = density(amounts / FACTOR, mean) / FACTOR
    # How much likelier an amount is on a compromised day; and all of them before each one.
    before = np.concatenate([[0], np.cumsum(np.log(SHARE * spent / usual + 1 - SHARE))])
    at = np.arange(len(days))
    odds = np.zeros(len(days))
    for ago in range(CARD_DAYS):
        odds += begins * np.exp(before[at] - before[np.searchsorted(days, days - ago)])
    odds /= 1 - CARD_DAYS * begins
    guilty = odds * SHARE * spent
    return guilty / (guilty + odds * (1 - SHARE) * usual + usual)


def known_terminals(table: pd.DataFrame) -> np.ndarray:
    """True where the terminal is compromised and a fraud of it was reported."""
    known = np.zeros(len(table), dtype=bool)
    days, is_fraud = table["day"].to_numpy(), (table["TX_FRAUD_SCENARIO"] == 2).to_numpy()
    for rows in table.groupby("TERMINAL_ID").indices.values():
        begin = -TERMINAL_DAYS
        for first in np.unique(days[rows][is_fraud[rows]]):
            if first < begin + TERMINAL_DAYS:
                continue
            begin = first
            known[rows] |= (days[rows] >= begin + DELAY) & (days[rows] < begin + TERMINAL_DAYS)
    return known


def scored(table: pd.DataFrame) -> pd.DataFrame:
    days, amounts = table["day"].to_numpy(), table["TX_AMOUNT"].to_numpy()
    genuine = table[table["TX_FRAUD_SCENARIO"] == 0].groupby("CUSTOMER_ID")["TX_AMOUNT"].mean()
    cards = table.groupby("CUSTOMER_ID").indices
    of_card = np.zeros(len(table))
    for card, rows in cards.items():
        of_card[rows] = fraud_of_card(days[rows], amounts[rows], genuine[card], CARDS_A_DAY / len(cards))
    of_terminal = TERMINALS_A_DAY * DELAY / table["TERMINAL_ID"].nunique()
    score = 1 - (1 - of_card) * (1 - of_terminal)
    certain = (amounts > 220) | known_terminals(table)
    # The first frauds of a terminal are made of genuine transactions: nothing tells them from others.
    by_chance = (table["TX_FRAUD_SCENARIO"] == 2) & ~certain
    return table.assign(score=np.where(certain, 1.0, score), by_chance=by_chance)


def expected_auc(truth, scores, by_chance) -> float:
    """Of all orders of what nothing tells apart: half of the genuine ones are ranked below such a fraud."""
    told = truth & ~by_chance
    share = told.sum() / truth.sum()
    return share * roc_auc_score(truth[told | ~truth], scores[told | ~truth]) + (1 - share) / 2


def main(folder: Path) -> None:
    table = stored(folder)
    table["day"] = (table["TX_DATETIME"].astype("datetime64[ns]").astype("int64")) // 86_400_000_000_000
    table = scored(table.reset_index(drop=True)).rename(columns={"CUSTOMER_ID": "card_id", "TX_FRAUD": "is_fraud"})
    table["event_ms"] = table["TX_DATETIME"].astype("datetime64[ms]").astype("int64")
    found = {}
    for purpose, starts in WINDOWS.items():
        for start in starts:
            _, test = split(table, start)
            truth, scores = test["is_fraud"].to_numpy(dtype=bool), test["score"].to_numpy()
            by_chance = test["by_chance"].to_numpy()
            found[f"{purpose} {start}"] = {
                "byChance": round(by_chance.sum() / truth.sum(), 3),
                "expectedAuc": round(expected_auc(truth, scores, by_chance), 4),
                "auc": round(roc_auc_score(truth, scores), 4),
                "averagePrecision": round(average_precision_score(truth, scores), 4),
                "cardPrecisionAt100": round(measures.card_precision(test, truth, scores, 100), 4),
            }
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
