"""The words of the comparison in simplified Chinese."""

from qa.corpus.comparison_wording.wording import Column, Wording

ZH_HANS = Wording(
    title="各运营商比较：在线销户、费用、最后一个月、SIM 卡、人在国外",
    source="{name}：{host}",
    comma="、",
    stop="。",
    group="{what}的有 {count} 家：{names}",
    unsure="{name}（可信度低）",
    legend="下面逐家列出，括号里是可信度和这一结论截至的日期。",
    row="- {name}：{value}（{confidence}，{date}）",
    unknown="- {name}：{value}",
    undated="资料无日期",
    confidence={"high": "可信度高", "medium": "可信度中", "low": "可信度低"},
    columns={
        "online": Column(
            "哪些运营商可以在线销户，哪些不能",
            "本指南收录的 {all} 家里，",
            {
                "full": ("可以全程在线销户", "可以全程在线销户"),
                "partial": ("只能部分在线办理", "只能部分在线办理"),
                "none": ("不能在线销户", "不能在线销户"),
                "unknown": ("资料没有写明能否在线销户", "能否在线销户，资料没有写明"),
            },
        ),
        "cost": Column(
            "各运营商销户要多少钱：哪些不收违约金，哪些会收",
            "以现在签约的普通语音线路计，{all} 家里，",
            {
                "free": ("销户费用为 0 日元", "0 日元"),
                "range": ("视情况要收违约金", "{min} 至 {max} 日元，视情况"),
                "fixed": ("要收费", "{min} 日元"),
                "always": ("无论何时都要收费", "{min} 至 {max} 日元"),
                "open": ("最低金额已知、上限不明", "最低 {min} 日元，上限资料没有写明"),
                "unknown": ("资料没有写明销户费用", "资料没有写明"),
            },
        ),
        "last_month": Column(
            "最后一个月的月租怎么收：哪些按天折算，哪些收整月",
            "{all} 家里，",
            {
                "prorated": ("最后一个月按天折算", "按天折算"),
                "full": ("最后一个月收整月", "收整月，不折算"),
                "depends": ("视套餐或日期而定", "视套餐或日期而定"),
                "unknown": ("资料没有写明最后一个月怎么收", "资料没有写明"),
            },
        ),
        "sim": Column(
            "哪些运营商销户后要退还 SIM 卡，哪些可以自己处理",
            "{all} 家里，",
            {
                "return required": ("要求退还 SIM 卡", "要退还"),
                "discard allowed": ("可以自己剪碎处理", "可以自己处理"),
                "not required": ("不要求退还 SIM 卡", "不要求退还"),
                "unknown": ("资料没有写明 SIM 卡要不要退还", "资料没有写明"),
            },
        ),
        "abroad": Column(
            "人在国外，哪些运营商可以销户",
            "{all} 家里，",
            {
                "possible": ("在国外可以销户", "可以"),
                "possible-with-conditions": ("在国外有条件地可以销户（例如要能登录或收验证码）", "有条件地可以"),
                "not-possible": ("在国外不能销户", "不能"),
                "unknown": ("资料没有写明在国外能否销户", "资料没有写明"),
            },
        ),
        "status": Column(
            "哪些运营商还接受新用户，哪些已停止",
            "{all} 家里，",
            {
                "accepting": ("还接受新用户", "还接受新用户"),
                "closed": ("已停止接受新用户", "已停止接受新用户"),
                "unknown": ("资料没有写明是否还接受新用户", "资料没有写明"),
            },
        ),
    },
)
