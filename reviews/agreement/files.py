"""Agreement as a table for programs and spreadsheets: a line for each group of items."""

from typing import Any

from reviews import lines
from reviews.agreement.counts import CATEGORIES, Agreement, Report
from reviews.agreement.measures import Figure


def records(report: Report) -> list[dict[str, Any]]:
    """The groups of a report in its order; a figure that is undefined is None, with the reason beside it."""
    groups = [("all", report.whole)]
    groups += [("month", each) for each in report.months]
    groups += [("project", each) for each in report.projects]
    groups += [("pair", each) for each in report.pairs]
    return [{"field": str(report.narrowed.field), "by": by, **_record(group)} for by, group in groups]


def comma_separated(report: Report) -> str:
    """With a head line; names that a spreadsheet would take for a formula begin with an apostrophe."""
    flat = [_flat(record) for record in records(report)]
    return "".join(lines.comma_separated(list(flat[0]), flat))


def _record(group: Agreement) -> dict[str, Any]:
    percent = group.percent
    return {
        "name": group.name,
        "items": percent.items,
        "ratings": percent.ratings,
        "pairs": percent.pairs,
        "rated_once": group.ratings.rated_once,
        "percent_agreement": _said(percent),
        "cohen_kappa": _said(group.kappa),
        "krippendorff_alpha": _said(group.alpha),
        "caution": percent.caution,
        "chosen": group.ratings.by_category,
        "rounds": group.rounds.count,
        "adjudicated": group.rounds.adjudicated,
    }


def _said(figure: Figure | None) -> dict[str, Any]:
    if figure is None:
        return {"value": None, "undefined": "it is of two reviewers"}
    return {"value": figure.value, "undefined": figure.undefined.value if figure.undefined else None}


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    figures = ("percent_agreement", "cohen_kappa", "krippendorff_alpha")
    return {
        **{each: record[each] for each in ("field", "by", "name", "items", "ratings", "pairs", "rated_once")},
        **{each: record[each]["value"] for each in figures},
        **{f"{each}_undefined": record[each]["undefined"] or "" for each in figures},
        "caution": record["caution"],
        **{f"chosen_{category}": record["chosen"][category] for category in CATEGORIES},
        **{each: record[each] for each in ("rounds", "adjudicated")},
    }
