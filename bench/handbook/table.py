"""Writes the Fraud Detection Handbook's simulated transactions as CSV, and says how its columns are mapped.

    python table.py FOLDER OUT       FOLDER holds one pickled table a day, 2018-04-01.pkl and so on
    python table.py --sample OUT     a generated sample in the same form, for tests

A fraud is reported seven days after its transaction, as the Handbook's protocol has it.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

DELAY = pd.Timedelta(days=7)
MAPPING = """fields:
  transaction_id: TRANSACTION_ID
  event_time: TX_DATETIME
  card_id: CUSTOMER_ID
  terminal_id: TERMINAL_ID
  amount: TX_AMOUNT
  is_fraud: TX_FRAUD
  reported_at: REPORTED_AT
constants: { currency: USD }
time-format: iso
fraud: ["1"]
genuine: ["0"]
"""


def sample(cards: int = 100, terminals: int = 60, days: int = 183) -> pd.DataFrame:
    """A small table of the same columns: large amounts, compromised terminals, and cards that spend too much."""
    random = np.random.default_rng(7)
    count = cards * days * 2
    usual = random.uniform(5, 100, cards)
    card, terminal = random.integers(0, cards, count), random.integers(0, terminals, count)
    day = np.sort(random.integers(0, days, count))
    amount = np.round(np.abs(random.normal(usual[card], usual[card] / 2)), 2)
    kind = np.where(amount > 220, 1, 0)
    for begins in range(days):
        bad = random.choice(terminals, 1)
        kind[np.isin(terminal, bad) & (day >= begins) & (day < begins + 14) & (random.random(count) < 0.6)] = 2
        spenders = random.choice(cards, 1)
        here = np.isin(card, spenders) & (day >= begins) & (day < begins + 7) & (random.random(count) < 0.33)
        amount, kind = np.where(here, np.round(amount * 5, 2), amount), np.where(here, 3, kind)
    time = pd.Timestamp("2018-04-01") + pd.to_timedelta(day * 86400 + random.integers(0, 86400, count), unit="s")
    table = pd.DataFrame({"TX_DATETIME": time, "CUSTOMER_ID": card, "TERMINAL_ID": terminal, "TX_AMOUNT": amount})
    table["TX_FRAUD"] = (kind > 0).astype(int)
    table = table.sort_values("TX_DATETIME", kind="stable").reset_index(drop=True)
    return table.assign(TRANSACTION_ID=table.index)


def stored(folder: Path) -> pd.DataFrame:
    files = sorted(folder.glob("*.pkl"))
    if not files:
        sys.exit(f"{folder} holds no tables (*.pkl): clone github.com/Fraud-Detection-Handbook/simulated-data-raw and name its data folder.")
    table = pd.concat([pd.read_pickle(file) for file in files])
    return table.sort_values(["TX_DATETIME", "TRANSACTION_ID"], kind="stable")


def main(given: str, out: Path) -> None:
    table = sample() if given == "--sample" else stored(Path(given))
    out.mkdir(parents=True, exist_ok=True)
    time = table["TX_DATETIME"]
    rows = table[["TRANSACTION_ID", "CUSTOMER_ID", "TERMINAL_ID", "TX_FRAUD"]].astype(int)
    rows["TX_AMOUNT"] = table["TX_AMOUNT"].map("{:.2f}".format)
    rows["TX_DATETIME"] = time.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    reported = (time + DELAY).dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    rows["REPORTED_AT"] = reported.where(rows["TX_FRAUD"] == 1, "")
    rows.to_csv(out / "transactions.csv", index=False)
    (out / "map.yaml").write_text(MAPPING, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
