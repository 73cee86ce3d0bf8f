"""Trials in ordinary steps, where those do the same and expect what the finding says; None: only the trial itself does.

``tests/fuzzing_terminal/test_trial_scenarios.py`` runs them on the sound terminal and on seeded defects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from posrig.fuzzing.models.terminal_r.phrases import key_zh, role
from posrig.fuzzing.models.terminal_r.trials.fingers_on_keys import LONG
from posrig.fuzzing.models.terminal_r.trials.log_phrases import log_steps
from posrig.fuzzing.models.terminal_r.trials.records import FLOOD
from posrig.fuzzing.models.terminal_r.trials.selling import SETTLES_S
from posrig.fuzzing.models.terminal_r.trials.trial import Circumstances
from posrig.fuzzing.models.terminal_r.trials.updating import NEW, OLD
from posrig.fuzzing.models.terminal_r.trials.wording import chinese
from posrig.fuzzing.running.feature_file import Kind, Step
from posrig.fuzzing.search.findings import Finding
from posrig.terminal.models.terminal_r.inner_prompts import CHINESE as PROMPTS_ZH
from posrig.terminal.models.terminal_r.inner_prompts import PROMPTS
from posrig.terminal.models.terminal_r.selling import ANSWER_WITHIN_S

Steps = list[Step]
_SETTLES = Step("when", f"{SETTLES_S:g} s pass", f"过了{SETTLES_S:g}秒")
_CUT = Step("when", "the power is cut and comes back", "断电后重新上电")
_OFF = Step("when", "the power is cut", "断电")
_ON = Step("when", "the power comes back", "恢复供电")
_NOBODY = Step("given", "nobody is signed on", "尚未有人签到")
_SELLS = Step("then", "the terminal is open and the cashier can sell", "终端未锁定，收银员可以交易")
_JOURNALS = Step("then", "the terminal's journal equals the host's", "终端流水与后台一致")
_OUT_OF_USE = Step("then", "the terminal is out of use for ever", "终端永久停用")


def in_ordinary_steps(trial: str, chosen: Circumstances, finding: Finding) -> Steps | None:
    """The steps; a Given only at the beginning."""
    found = _BY_TRIAL.get(trial)
    return found(chosen, finding) if found is not None else None


def _by(kind: Kind, operator: str, en: str, zh: str) -> Step:
    name_en, name_zh = role(operator)
    return Step(kind, en.format(name_en), zh.format(name_zh))


def _signed_on(operator: str) -> Step:
    return _by("given", operator, "{} is signed on", "{}已签到")


def _approved(amount: str) -> Step:
    return Step("given", f"a sale of {amount} was approved", f"已成功消费{amount}元")


def _screen(kind: Kind, screen: str) -> Step:
    return Step(kind, f"the screen {screen} is shown", f"显示画面{screen}")


def _sale(chosen: Circumstances, finding: Finding) -> Steps | None:
    if chosen["left before by"] != "nothing" or finding.expected.startswith("the host books what was entered"):
        return None
    interrupted = _interrupted_sale(chosen["event"], chosen["after"])
    if interrupted is None:
        return None
    return [
        _signed_on("01"),
        *interrupted,
        _SETTLES,
        Step("when", "the cashier is back at work", "收银员重新开始工作"),
        Step("then", "a sale of 0.05 is approved", "消费0.05元成功"),
        Step("then", "the host has booked a sale of 12.00 at most once", "后台最多记账一次消费12.00元"),
        Step("then", "the host has booked a sale of 0.05 at most once", "后台最多记账一次消费0.05元"),
        Step("then", "no transaction is left open", "没有未完结的交易"),
        _JOURNALS,
    ]


def _interrupted_sale(event: str, after: str) -> Steps | None:
    """None also for the restart by its keys: the steps for it do not show what the trial finds."""
    if event == "power cut":
        cut = (
            f"a sale of 12.00 is interrupted after {after}: the power is cut",
            f"消费12.00元按确认后{chinese(after)}断电",
        )
        return [Step("when", *cut), _ON]
    if event == "line cut":
        cut = (
            f"a sale of 12.00 is interrupted after {after}: the network is cut",
            f"消费12.00元按确认后{chinese(after)}断网",
        )
        waits = Step("when", f"{ANSWER_WITHIN_S:g} s pass", f"过了{ANSWER_WITHIN_S:g}秒")
        return [Step("when", *cut), waits, Step("when", "the network is back", "网络恢复")]
    return None


def _refund(chosen: Circumstances, _finding: Finding) -> Steps:
    first, over = chosen["first"], float(chosen["too much by"])
    wanted = f"{12 - (0 if first == 'none' else float(first)) + over:.2f}"
    made = [] if first == "none" else [Step("then", f"a refund of {first} is approved", f"退货{first}元成功")]
    refused = f'a refund of {wanted} is refused with code "61"', f"退货{wanted}元被拒绝，代码为“61”"
    return [_signed_on("01"), _approved("12.00"), *made, Step("then", *refused), _JOURNALS]


_REFUSALS = {
    **dict.fromkeys(("older", "wrong_precursor", "expired"), "upd_no_old"),
    **dict.fromkeys(("wrong_model", "wrong_type", "wrong_slot"), "upd_no_model"),
}
"""All other faults are refused as not signed."""


def _update(chosen: Circumstances, finding: Finding) -> Steps | None:
    if chosen["server"] != "true" or chosen["package"] == "not_starting":
        return None
    by_en, by_zh = f'comes by "{chosen["by"]}"', f"通过“{chosen['by']}”送达"
    if chosen["with"] == "the cashier":
        return [
            _signed_on("01"),
            Step("when", f'an update to version "{NEW}" {by_en}', f"版本“{NEW}”的更新{by_zh}"),
            Step("when", "the cashier asks for the update by the menu", "收银员从菜单进入更新"),
            Step("when", "30 s pass", "过了30秒"),
            Step("then", "no page of an update was shown", "从未显示更新画面"),
        ]
    accepts = Step("when", "the admin accepts the update", "系统管理员确认安装更新")
    if chosen["with"] == "an open batch":
        return [
            _signed_on("01"),
            _approved("12.00"),
            _CUT,
            _by("when", "99", "{} signs on", "{}签到"),
            Step("when", f'an update to version "{NEW}" {by_en}', f"版本“{NEW}”的更新{by_zh}"),
            accepts,
            _screen("then", "upd_no_batch"),
            _JOURNALS,
            _CUT,
            Step("then", f'the version page shows "{OLD}"', f"版本页显示“{OLD}”"),
        ]
    if chosen["package"] != "sound" and finding.oracle == "version":
        fault = chosen["package"]
        screen = _REFUSALS.get(fault, "upd_no_sig")
        return [
            _signed_on("99"),
            Step("when", f'an update to version "{NEW}" with the fault "{fault}" {by_en}',
                 f"版本“{NEW}”、带缺陷“{fault}”的更新{by_zh}"),
            accepts,
            Step("then", f"the update is refused with the screen {screen}", f"更新被拒绝，显示画面{screen}"),
            Step("then", f'the version page shows "{OLD}"', f"版本页显示“{OLD}”"),
        ]  # fmt: skip
    if chosen["cut"] != "no" and finding.oracle == "recovery":
        screen, _, percent = chosen["cut"].partition(" ")
        there = (f"the update reaches {percent} percent of {screen}", f"更新在画面{screen}进行到{percent}%")
        if percent == "0":
            there = (f"the update reaches the screen {screen}", f"更新进行到画面{screen}")
        return [
            _signed_on("99"),
            Step("when", f'an update to version "{NEW}" {by_en}', f"版本“{NEW}”的更新{by_zh}"),
            accepts,
            Step("when", *there),
            _CUT,
            _SELLS,
        ]
    return None


_AGAINST: Mapping[str, tuple[Steps, str]] = {
    "an open batch": ([_signed_on("01"), _approved("12.00")], "reset_no"),
    "a host lock": ([_NOBODY, Step("given", "the host has locked the terminal", "后台已锁定终端")], "reset_no_host"),
    "a lock-out": ([Step("given", "operator 03 has typed a wrong password 5 times", "03号已输错密码5次")],
                   "reset_no_wait"),
}  # fmt: skip
_RESET_ASKED = Step("given", "the factory reset is asked for", "已进入恢复出厂设置")
_ANSWERS: Mapping[str, Steps] = {
    "none": [Step("when", "ENTER is pressed 2 times", "按确认键2次")],
    "wrong": [Step("when", "the reset is confirmed with a wrong code", "用错误密码确认恢复出厂")],
    "published default": [Step("when", 'the digits "12345678" are typed', "输入数字“12345678”"),
                          Step("when", "ENTER is pressed", "按确认键")],
}  # fmt: skip


def _reset(chosen: Circumstances, _finding: Finding) -> Steps:
    held = chosen["held"]
    with_clear = Step("when", f"the terminal is switched on with CLEAR held for {held}",
                      f"按住清除键开机并保持{chinese(held)}")  # fmt: skip
    if chosen["against it"] != "nothing":
        before, screen = _AGAINST[chosen["against it"]]
        refused = Step("then", "the screen reset_ask is not shown", "不显示画面reset_ask")
        return [*before, _OFF, with_clear, _screen("then", screen) if held == "6 s" else refused]
    if held != "6 s":
        return [_NOBODY, _OFF, with_clear, Step("then", "the screen reset_ask is not shown", "不显示画面reset_ask")]
    if chosen["code"] != "right":
        erases_not = Step("then", "the screen resetting is not shown", "不显示画面resetting")
        return [_RESET_ASKED, *_ANSWERS[chosen["code"]], erases_not, _CUT, _SELLS]
    after = chosen["cut after"]
    cut = [] if after == "no" else [
        Step("when", f"the power is cut {after} into the erasing", f"开始清除{chinese(after)}后断电"), _ON
    ]  # fmt: skip
    return [
        _RESET_ASKED,
        Step("when", "the admin confirms the reset with the code", "系统管理员输入密码确认恢复出厂"),
        *cut,
        Step("when", "a new admin password is set", "设置新的管理员密码"),
        Step("then", "the old password of the cashier is refused", "收银员的旧密码被拒绝"),
        Step("then", "the terminal's journal is empty", "终端流水为空"),
        Step("then", "the admin has to enrol a new key of the time code", "系统管理员须重新登记动态码密钥"),
    ]


def _flood(chosen: Circumstances, _finding: Finding) -> Steps:
    signs_on = _by("when", "02", "{} signs on", "{}签到")
    leaves = [_by("when", "02", "{} signs off", "{}签退")]
    if "lock" in chosen["before"]:
        leaves = [_by("when", "02", "{} locks the terminal", "{}锁定终端"),
                  _by("when", "00", "{} unlocks the terminal", "{}解锁终端")]  # fmt: skip
    return [
        _NOBODY,
        signs_on,
        *leaves,
        Step("when", f"somebody is refused {FLOOD} sign-ons", f"有人连续{FLOOD}次签到失败"),
        Step(
            "then",
            'somewhere in the log there is "SIGN-ON" of "OP02"',
            "翻遍日志仍能找到“签到”记录，操作员为“操作员02”",
        ),
    ]


def _deletion(chosen: Circumstances, _finding: Finding) -> Steps:
    whom = chosen["whom"]
    deletes = _by("when", chosen["by"], f'{{}} deletes operator "{whom}"', f"{{}}删除操作员“{whom}”")
    refused = Step("then", "the function is refused for want of the right", "无权限，操作被拒绝")
    return [_signed_on(chosen["by"]), deletes, refused]


def _inner_prompt(chosen: Circumstances, _finding: Finding) -> Steps:
    at = chosen["at"]
    zh = next(name for name, en in PROMPTS_ZH.items() if en == at)
    sale = [_approved("1.00")] if "void" in at else []
    counts = f'the refusals of {{}} at "{at}" count down to the lock-out', f"{{}}在“{zh}”处的剩余次数逐次递减直至停用"
    return [_signed_on("00" if "a manager's" in at else "01"), *sale, _by("then", PROMPTS[at].operator, *counts)]


def _another_day(chosen: Circumstances, _finding: Finding) -> Steps:
    days = int(chosen["days ahead"])
    return [
        _signed_on("01"),
        Step("when", "the network is cut", "网络断开"),
        Step("when", f"the terminal's clock is set {days * 24} h ahead", f"终端时钟被拨快{days * 24}小时"),
        Step("then", "a new sign-on is asked for when a sale is tried", "交易时要求重新签到"),
    ]


_EVENTS: Mapping[str, Steps] = {
    "nothing": [],
    "power cut": [_CUT],
    "restart by chord": [Step("when", "CLEAR and . are held together for 3 s", "同时按住清除键和小数点键3秒"),
                         Step("when", "20 s pass", "过了20秒")],
    "a day": [Step("when", "1441 min pass", "过了1441分钟")],
    "all sorts of keys": [Step("when", 'the keys "ENTER CANCEL F1 F2 MENU" are pressed one after another',
                               "依次按键“ENTER CANCEL F1 F2 MENU”")],
}  # fmt: skip
_OPENED = Step("when", "the case is opened", "机壳被打开")


def _tamper(chosen: Circumstances, _finding: Finding) -> Steps | None:
    names = [chosen[name] for name in ("first", "then", "last")]
    if not set(names) <= _EVENTS.keys():
        return None
    return [_NOBODY, _OPENED, *(step for name in names for step in _EVENTS[name]), _OUT_OF_USE]


def _used_file(chosen: Circumstances, _finding: Finding) -> Steps:
    file = Step("when", "the service file for tamper 1 is on the stick", "U盘上有第1次拆机的服务文件")
    helps = Step("then", "the terminal asks for a sign-on", "终端要求签到")
    return [_NOBODY, _OPENED, _OFF, file, _ON, helps, _OPENED, *_EVENTS[chosen["then"]], _OUT_OF_USE]


def _self_test(chosen: Circumstances, _finding: Finding) -> Steps:
    part, code = chosen["part"], chosen["code"]
    return [
        Step("given", f'the part "{part}" is broken with code "{code}"', f"部件“{part}”损坏，代码“{code}”"),
        Step("when", "the terminal is switched on without waiting", "接通电源但不等待启动"),
        Step("then", f'the terminal is out of service with code "{code}"', f"终端停机，代码“{code}”"),
    ]


def _fingers(chosen: Circumstances, _finding: Finding) -> Steps:
    keys = chosen["keys"]
    if keys not in LONG:
        down, apart = (int(chosen[name].removesuffix(" ms")) / 1000 for name in ("down", "apart"))
        amount = f"{int(keys.replace(' ', '')) / 100:.2f}"
        return [
            _signed_on("01"),
            Step("when", f'the keys "{keys}" are pressed for {down:g} s each, {apart:g} s apart',
                 f"依次按键“{keys}”，每次按{down:g}秒，间隔{apart:g}秒"),
            Step("then", f'the amount on the screen is "{amount}"', f"画面上的金额为“{amount}”"),
        ]  # fmt: skip
    key, _, held = keys.partition(" held ")
    asks = [_by("when", "01", "{} asks to lock the terminal", "{}选择锁定终端")] if key == "ENTER" else []
    counts = Step("then", f"{key} held for {held} counts as one press", f"按住{key_zh(key)}{chinese(held)}只算一次按键")
    return [_signed_on("01"), *asks, counts]


def _first_password(chosen: Circumstances, _finding: Finding) -> Steps | None:
    operator = chosen["of"]
    if chosen["left by"] != "power cut":
        return None
    return [
        _by("given", operator, "{} never chose a password", "{}尚未修改过初始密码"),
        _by("when", operator, "{} signs on with the default password", "{}用初始密码签到"),
        Step("then", "a new password must be chosen", "必须先修改密码"),
        _CUT,
        Step("then", "the terminal asks for a sign-on", "终端要求签到"),
    ]


_BY_TRIAL: Mapping[str, Callable[[Circumstances, Finding], Steps | None]] = {
    "sale": _sale,
    "refund": _refund,
    "update": _update,
    "reset": _reset,
    "log": log_steps,
    "log flood": _flood,
    "deletions": _deletion,
    "inner prompts": _inner_prompt,
    "another day": _another_day,
    "tamper": _tamper,
    "used service file": _used_file,
    "self-test": _self_test,
    "fingers": _fingers,
    "first passwords": _first_password,
}
