"""The words of the comparison in Japanese."""

from qa.corpus.comparison_wording.wording import Column, Wording

JA = Wording(
    title="各社の比較：オンライン解約、費用、最終月、SIMカード、海外から",
    source="{name}：{host}",
    comma="、",
    stop="。",
    group="{what}のは{count}社：{names}",
    unsure="{name}（信頼度 低）",
    legend="以下は会社ごとの一覧で、かっこ内は信頼度といつ時点の情報かです。",
    row="- {name}：{value}（{confidence}、{date}）",
    unknown="- {name}：{value}",
    undated="資料に日付なし",
    confidence={"high": "信頼度 高", "medium": "信頼度 中", "low": "信頼度 低"},
    columns={
        "online": Column(
            "オンラインで解約できる会社、できない会社",
            "このガイドにある{all}社のうち、",
            {
                "full": ("最後までオンラインで解約できる", "最後までオンラインで解約できる"),
                "partial": ("一部だけオンラインでできる", "一部だけオンラインでできる"),
                "none": ("オンラインでは解約できない", "オンラインでは解約できない"),
                "unknown": ("オンラインで解約できるか資料にない", "オンラインで解約できるか資料にない"),
            },
        ),
        "cost": Column(
            "解約にいくらかかるか：解約金がかからない会社、かかる会社",
            "いま契約する普通の音声回線について、{all}社のうち、",
            {
                "free": ("解約の費用が0円な", "0円"),
                "range": ("場合によって解約金がかかる", "場合により{min}円から{max}円"),
                "fixed": ("費用がかかる", "{min}円"),
                "always": ("いつも費用がかかる", "{min}円から{max}円"),
                "open": ("最低額だけがわかる", "{min}円から、上限は資料にない"),
                "unknown": ("解約の費用が資料にない", "資料にない"),
            },
        ),
        "last_month": Column(
            "最後の月の料金：日割りになる会社、満額の会社",
            "{all}社のうち、",
            {
                "prorated": ("最後の月が日割りになる", "日割り"),
                "full": ("最後の月も満額かかる", "満額、日割りなし"),
                "depends": ("プランや日によって変わる", "プランや日による"),
                "unknown": ("最後の月の料金が資料にない", "資料にない"),
            },
        ),
        "sim": Column(
            "解約後にSIMカードの返却が必要な会社、自分で処分できる会社",
            "{all}社のうち、",
            {
                "return required": ("SIMカードの返却が必要な", "返却が必要"),
                "discard allowed": ("自分で処分してよい", "自分で処分してよい"),
                "not required": ("返却を求めない", "返却不要"),
                "unknown": ("SIMカードの返却が必要か資料にない", "資料にない"),
            },
        ),
        "abroad": Column(
            "海外から解約できる会社",
            "{all}社のうち、",
            {
                "possible": ("海外から解約できる", "できる"),
                "possible-with-conditions": (
                    "条件つきで海外から解約できる（ログインや認証コードの受信など）",
                    "条件つきでできる",
                ),
                "not-possible": ("海外から解約できない", "できない"),
                "unknown": ("海外から解約できるか資料にない", "資料にない"),
            },
        ),
        "status": Column(
            "新規契約を受け付けている会社、終了した会社",
            "{all}社のうち、",
            {
                "accepting": ("新規契約を受け付けている", "新規受付中"),
                "closed": ("新規契約を終了した", "新規受付終了"),
                "unknown": ("新規契約を受け付けているか資料にない", "資料にない"),
            },
        ),
    },
)
