from __future__ import annotations

import csv
from pathlib import Path

import pytest
from conftest import ROOT

from qa.answering import reader
from qa.answering.reader import for_reader
from qa.corpus.han import converter
from qa.corpus.lexicon import read_lexicon
from qa.datatypes import Language

# What a reader in Taiwan expects for what a guide says.
TERMS = [
    ("套餐", "方案"),
    ("流量", "數據"),
    ("流量套餐", "數據方案"),
    ("流量卡", "上網卡"),
    ("运营商", "電信業者"),
    ("虚拟运营商", "虛擬電信業者"),
    ("屏幕", "螢幕"),
    ("截屏", "截圖"),
    ("短信", "簡訊"),
    ("短信验证码", "簡訊驗證碼"),
    ("手机号", "手機號碼"),
    ("手机号码", "手機號碼"),
    ("智能手机", "智慧型手機"),
    ("销户", "退租"),
    ("在线销户", "線上退租"),
    ("网上销户", "線上退租"),
    ("销户费用与违约金", "退租費用與違約金"),
    ("注销", "註銷"),
    ("退订", "退訂"),
    ("停机", "停話"),
    ("停机保号", "停話保號"),
    ("复机", "復話"),
    ("携号转网", "號碼可攜"),
    ("携号转出", "攜碼轉出"),
    ("携号转入", "攜碼轉入"),
    ("预约号", "預約號碼"),
    ("充值", "儲值"),
    ("话费", "電話費"),
    ("资费", "資費"),
    ("欠费", "欠費"),
    ("余额", "餘額"),
    ("账号", "帳號"),
    ("账户", "帳戶"),
    ("账单", "帳單"),
    ("自动扣款账户", "自動扣款帳戶"),
    ("转账", "轉帳"),
    ("登录", "登入"),
    ("邮箱", "信箱"),
    ("邮编", "郵遞區號"),
    ("密码", "密碼"),
    ("通行密钥", "密碼金鑰"),
    ("二维码", "QR Code"),
    ("扫描", "掃描"),
    ("打印", "列印"),
    ("下载", "下載"),
    ("链接", "連結"),
    ("点击", "點選"),
    ("按钮", "按鈕"),
    ("菜单", "選單"),
    ("弹窗", "彈出視窗"),
    ("配置文件", "設定檔"),
    ("软件", "軟體"),
    ("应用程序", "應用程式"),
    ("默认", "預設"),
    ("设置", "設定"),
    ("激活", "啟用"),
    ("网络", "網路"),
    ("网上", "網路上"),
    ("移动网络", "行動網路"),
    ("移动数据", "行動數據"),
    ("数据漫游", "數據漫遊"),
    ("宽带", "寬頻"),
    ("光纤", "光纖"),
    ("信号", "訊號"),
    ("固定电话", "市內電話"),
    ("视频", "影片"),
    ("信息", "資訊"),
    ("用户", "用戶"),
    ("用户名", "使用者名稱"),
    ("积分", "點數"),
    ("合同", "合約"),
    ("签约", "簽約"),
    ("身份证", "身分證"),
    ("门店", "門市"),
    ("便利店", "便利商店"),
    ("柜台", "櫃檯"),
    ("日元", "日圓"),
    ("营业日", "營業日"),
    ("工作日", "工作天"),
    ("两周内", "兩週內"),
    ("周末", "週末"),
    ("博客", "部落格"),
    ("芯片", "晶片"),
    ("渠道", "管道"),
    ("30 天后", "30 天後"),
    ("指南里", "指南裡"),
]
# What OpenCC alone takes for words of computing.
NOT_OF_COMPUTING = [
    ("受理窗口", "受理窗口"),
    ("服务代码", "服務代碼"),
    ("法定项目", "法定項目"),
    ("绑定信用卡", "綁定信用卡"),
    ("对象", "對象"),
    ("合同文件", "合約文件"),
    ("取消程序", "取消程序"),
    ("身份审核", "身分審核"),
    ("总务省的指针", "總務省的指針"),
    ("服务计划", "服務計畫"),
]
CHINESE_NAMES = ["乐天移动", "软银（SoftBank）", "软银预付卡", "日本通信", "HanaCell 日本SIM"]
JAPANESE = [
    "「お客様センター」",
    "「解約手続き」",
    "「一時中断」",
    "「当日」",
    "「退会」",
    "「新しい携帯電話番号に変更する」",
    "（暗証番号）",
    "（データ通信専用SIM）",
    "（電話番号保管）",
    "（初期契約解除）",
    "（貸与）",
    "「国際通話かけ放題」",
    "（転居届）",
]


def traditional(text: str) -> str:
    return for_reader(text, Language.ZH_HANS, Language.ZH_HANT)


@pytest.mark.parametrize(("simplified", "expected"), [*TERMS, *NOT_OF_COMPUTING])
def test_a_term_is_said_as_in_taiwan(simplified: str, expected: str) -> None:
    assert traditional(simplified) == expected
    assert traditional(f"关于{simplified}：") == f"關於{expected}："


@pytest.mark.parametrize("words", JAPANESE)
def test_japanese_words_are_left_as_they_stand_on_the_screen(words: str) -> None:
    assert traditional(f"请点{words}，再确认。") == f"請點{words}，再確認。"


@pytest.mark.parametrize(
    ("simplified", "expected"),
    [
        ("“停机保号”和「停机保号」", "“停話保號”和「停話保號」"),
        ("另一条途径是去ドコモショップ办理", "另一條途徑是去ドコモショップ辦理"),
        ("mioモバイル是旧套餐", "mioモバイル是舊方案"),
    ],
)
def test_chinese_is_converted_beside_japanese_and_in_its_quotation_marks(simplified: str, expected: str) -> None:
    assert traditional(simplified) == expected


def operator_names() -> list[str]:
    lexicon, _ = read_lexicon(ROOT / "corpus")
    return sorted(
        {name for operator in lexicon.operators.values() for name in operator.names.values()} - {"访日旅游流量卡/eSIM"}
    )


@pytest.mark.parametrize("name", operator_names())
def test_an_operators_name_stays_its_name(name: str) -> None:
    """Its characters may become traditional ones (软银), nothing else: 日本通信 is no 日本通訊."""
    characters = str(converter("s2t").convert(name)) if name in CHINESE_NAMES else name
    assert traditional(name) == characters
    assert traditional(f"{name}：销户") == f"{characters}：退租"


@pytest.mark.parametrize("read_in", [Language.ZH_HANS, Language.JA, Language.EN])
def test_other_readers_are_shown_the_words_as_written(read_in: Language) -> None:
    assert for_reader("销户费用", Language.ZH_HANS, read_in) == "销户费用"


@pytest.mark.parametrize("written", [Language.JA, Language.EN])
def test_words_that_are_not_chinese_are_never_converted(written: Language) -> None:
    assert for_reader("国内で発信", written, Language.ZH_HANT) == "国内で発信"


@pytest.mark.parametrize("text", ["", "\0", "「\0销户」", "「」", "「销户", "![x](y)", "[^s1]", "https://example.jp/网"])
def test_any_text_can_be_converted(text: str) -> None:
    assert traditional(text).count("\0") == text.count("\0")


def test_the_vocabulary_has_a_word_and_what_it_becomes_on_every_line() -> None:
    lines = (Path(reader.__file__).parent / reader.VOCABULARY).read_text("utf-8").splitlines()
    rows = list(csv.reader((line for line in lines if not line.startswith("#")), delimiter="\t"))

    assert {len(row) for row in rows} == {2}
    assert len({row[0] for row in rows}) == len(rows)
