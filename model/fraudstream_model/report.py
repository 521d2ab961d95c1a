"""A page about a model: one HTML file that loads nothing from elsewhere."""

from html import escape

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; } th, td { padding: .2rem .9rem .2rem 0; text-align: right; border-bottom: 1px solid #ddd; }
th:first-child, td:first-child { text-align: left; } td.wide { width: 22rem; text-align: left; }
.bar { display: block; height: .8rem; background: #0b5cad; } figure { margin: 0; } .note { color: #555; }
"""
FIGURES = (
    ("roc_auc", "ROC AUC", 4),
    ("average_precision", "average precision", 4),
    ("card_precision", "card precision", 4),
    ("recall_at_1_percent_false_positives", "recall at 1 % false positives", 4),
    ("precision", "precision at the threshold", 4),
    ("recall", "recall at the threshold", 4),
    ("brier", "Brier score", 5),
    ("expected_calibration_error", "expected calibration error", 5),
    ("cost_usd", "cost, US dollars", 0),
    ("cost_usd_without_model", "cost without a model, US dollars", 0),
)
MOST_IMPORTANT = 20
# Of the calibration plot, in pixels.
SIDE, EDGE = 300, 40


def page(about: dict) -> str:
    """The report of the metrics of a training."""
    model = about["model"]
    confusion = model["confusion"]
    body = [
        f"<h1>Model {escape(about['model_version'])}</h1>",
        f"<p>Gradient boosted trees (XGBoost {escape(about['xgboost'])}) on {len(about['importance'])} features. "
        f"Threshold {about['threshold']:.4f}: {escape(about['threshold_rule'])}.</p>",
        "<h2>Rows</h2>",
        table(
            ("window", "from", "until", "transactions", "frauds"),
            [(name, row["from"], row["until"], f"{row['rows']:,}", f"{row['frauds']:,}") for name, row in about["windows"].items()],
        ),
        f"<p class='note'>{about['unlabelled']:,} rows without a label are in no window. Labels are known {escape(about['label_delay'])} after the transaction.</p>",
        "<h2>On the test rows</h2>",
        table(("figure", "value"), [figure_row(about, *figure) for figure in FIGURES]),
        f"<p class='note'>Card precision@{about['cards']}: of the {about['cards']} cards of a day with the highest scores, the share that is defrauded on it; "
        "mean over days, and found cards are left out later.</p>",
        table(
            ("", "score from the threshold on", "score below it"),
            [
                ("fraud", f"{confusion['true_positives']:,}", f"{confusion['false_negatives']:,}"),
                ("genuine", f"{confusion['false_positives']:,}", f"{confusion['true_negatives']:,}"),
            ],
        ),
        "<h2>Calibration</h2>",
        calibration_plot(about["calibration"]),
        table(("mean score", "share of frauds", "transactions"), [(f"{score:.4f}", f"{share:.4f}", f"{count:,}") for score, share, count in about["calibration"]]),
        "<h2>Importance</h2>",
        importance_table(about["importance"]),
    ]
    if about["per_scenario"].keys() - {"unknown"}:
        kinds = [(kind, f"{row['frauds']:,}", f"{row['recall']:.4f}") for kind, row in about["per_scenario"].items()]
        body += ["<h2>Kinds of fraud</h2>", table(("kind", "frauds", "recall"), kinds)]
    return (
        "<!doctype html>\n<html lang='en'>\n<head><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
        f"<title>Model {escape(about['model_version'])}</title><style>{STYLE}</style></head>\n<body>\n" + "\n".join(body) + "\n</body>\n</html>\n"
    )


def figure_row(about: dict, name: str, title: str, digits: int) -> tuple:
    if name == "card_precision":
        name, title = f"card_precision_at_{about['cards']}", f"card precision@{about['cards']}"
    return title, value(about["model"][name], digits)


def value(number, digits: int) -> str:
    return "not measured" if number is None else f"{number:,.{digits}f}"


def table(head: tuple, rows: list) -> str:
    cells = "".join(f"<th scope='col'>{escape(text)}</th>" for text in head)
    lines = "".join("<tr>" + "".join(f"<td>{escape(str(text))}</td>" for text in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table>"


def importance_table(importance: dict) -> str:
    shares = list(importance.items())[:MOST_IMPORTANT]
    most = max((share for _, share in shares), default=0) or 1
    lines = "".join(
        f"<tr><td>{escape(name)}</td><td>{share:.4f}</td><td class='wide'><span class='bar' style='width:{100 * share / most:.1f}%'></span></td></tr>"
        for name, share in shares
    )
    return f"<table><thead><tr><th scope='col'>feature</th><th scope='col'>share of the total gain</th><th></th></tr></thead><tbody>{lines}</tbody></table>"


def calibration_plot(bins: list) -> str:
    """Share of frauds over mean score; on the diagonal a score is a probability."""

    def at(score: float, share: float) -> str:
        return f"{EDGE + score * SIDE:.1f},{EDGE / 2 + (1 - share) * SIDE:.1f}"

    points = " ".join(at(score, share) for score, share, _ in bins)
    dots = "".join("<circle cx='{}' cy='{}' r='4' fill='#0b5cad'/>".format(*at(score, share).split(",")) for score, share, _ in bins)
    size = SIDE + EDGE + 20
    return (
        f"<figure><svg role='img' aria-label='Share of frauds over mean score' width='{size}' height='{size}' viewBox='0 0 {size} {size}'>"
        f"<rect x='{EDGE}' y='{EDGE / 2}' width='{SIDE}' height='{SIDE}' fill='none' stroke='#bbb'/>"
        f"<polyline points='{at(0, 0)} {at(1, 1)}' stroke='#999' stroke-dasharray='4 4' fill='none'/>"
        f"<polyline points='{points}' stroke='#0b5cad' stroke-width='2' fill='none'/>{dots}"
        f"<text x='{EDGE + SIDE / 2}' y='{size - 8}' text-anchor='middle' font-size='13'>mean score</text>"
        f"<text x='14' y='{SIDE / 2}' text-anchor='middle' font-size='13' transform='rotate(-90 14 {SIDE / 2})'>share of frauds</text>"
        "</svg></figure>"
    )
