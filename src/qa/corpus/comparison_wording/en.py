"""The words of the comparison in English."""

from qa.corpus.comparison_wording.wording import Column, Wording

EN = Wording(
    title="All operators compared: cancelling online, cost, last month, SIM card, from abroad",
    source="{name}: {host}",
    comma=", ",
    stop=".",
    group="{count} {what}: {names}",
    unsure="{name} (low confidence)",
    legend="Operator by operator; in brackets the confidence, and the date that it is as of:",
    row="- {name}: {value} ({confidence}, {date})",
    unknown="- {name}: {value}",
    undated="undated",
    confidence={"high": "high confidence", "medium": "medium confidence", "low": "low confidence"},
    columns={
        "online": Column(
            "Which operators can be cancelled online, and which cannot",
            "Of the {all} operators in these guides, ",
            {
                "full": ("can be cancelled entirely online", "entirely online"),
                "partial": ("can be cancelled online in part", "online in part"),
                "none": ("cannot be cancelled online", "not online"),
                "unknown": ("have no source that says whether it works online", "no source says whether it works online"),
            },
        ),
        "cost": Column(
            "What cancelling costs: operators without and with a cancellation fee",
            "For a plain voice line signed today, of {all} operators ",
            {
                "free": ("charge 0 yen", "0 yen"),
                "range": ("charge a fee in some cases", "{min} to {max} yen, depending on the case"),
                "fixed": ("charge a fee", "{min} yen"),
                "always": ("charge a fee in every case", "{min} to {max} yen"),
                "open": ("have a known least cost but no known most", "{min} yen or more, the most is in no source"),
                "unknown": ("have no source that names the cost", "no source names it"),
            },
        ),
        "last_month": Column(
            "How the last month is billed: prorated by day or in full",
            "Of {all} operators, ",
            {
                "prorated": ("prorate the last month by day", "prorated by day"),
                "full": ("bill the whole last month", "the whole month, not prorated"),
                "depends": ("bill it depending on the plan or the day", "depends on the plan or the day"),
                "unknown": ("have no source on the last month", "no source says"),
            },
        ),
        "sim": Column(
            "Which operators want the SIM card back, and which let you throw it away",
            "Of {all} operators, ",
            {
                "return required": ("want the SIM card back", "to be returned"),
                "discard allowed": ("let you dispose of it yourself", "may be disposed of"),
                "not required": ("don't ask for it back", "not asked for"),
                "unknown": ("have no source on the SIM card", "no source says"),
            },
        ),
        "abroad": Column(
            "Which operators can be cancelled from abroad",
            "Of {all} operators, ",
            {
                "possible": ("can be cancelled from abroad", "possible"),
                "possible-with-conditions": (
                    "can be cancelled from abroad on conditions (such as logging in or receiving a code)",
                    "possible on conditions",
                ),
                "not-possible": ("cannot be cancelled from abroad", "not possible"),
                "unknown": ("have no source on cancelling from abroad", "no source says"),
            },
        ),
        "status": Column(
            "Which operators still take new customers",
            "Of {all} operators, ",
            {
                "accepting": ("take new customers", "takes new customers"),
                "closed": ("no longer take new customers", "closed to new customers"),
                "unknown": ("have no source on that", "no source says"),
            },
        ),
    },
)
