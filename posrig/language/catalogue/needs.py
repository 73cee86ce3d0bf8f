"""The words of messages about what a sentence needs of the terminal and the rig. Data only."""

from __future__ import annotations

from posrig.language.catalogue.shape import Rules

NEEDS: Rules = {
    "unmet_model": (
        ("{sentence!r} is for terminals of the model {name}, and this is none ({place})",),
        ("{sentence!r} 只适用于型号 {name}，本终端不是 ({place})",),
    ),
    "unmet_way": (
        ("{sentence!r} needs the way {name!r}, which the profile does not have ({place})",),
        ("{sentence!r} 需要操作路径 {name!r}，型号文件里没有 ({place})",),
    ),
    "unmet_means": (
        ("{sentence!r} needs a screen that means {name!r}, and the profile has none ({place})",),
        ("{sentence!r} 需要含义为 {name!r} 的画面，型号文件里没有 ({place})",),
    ),
    "unmet_proof": (
        ("{sentence!r} needs a way that proves the terminal {name}, and the profile names none ({place})",),
        ("{sentence!r} 需要能证明终端 {name} 的操作路径，型号文件里没有 ({place})",),
    ),
    "unmet_policy": (
        ("{sentence!r} needs the number {name} of the policy, which the profile does not say ({place})",),
        ("{sentence!r} 需要策略数值 {name}，型号文件里没有写 ({place})",),
    ),
    "unmet_time": (
        ("{sentence!r} needs the time {name}, which the profile does not say ({place})",),
        ("{sentence!r} 需要时间 {name}，型号文件里没有写 ({place})",),
    ),
    "unmet_rule": (
        ("{sentence!r} needs the rule {name!r}, which the profile does not promise ({place})",),
        ("{sentence!r} 需要规则 {name!r}，型号文件里没有 ({place})",),
    ),
    "unmet_key": (
        ("{sentence!r} needs the field {name}, which the profile does not have: no key does it ({place})",),
        ("{sentence!r} 需要字段 {name}，型号文件里没有：没有这样的按键 ({place})",),
    ),
    "unmet_first": (
        ("{sentence!r} needs a first_password of some role, and the profile says none ({place})",),
        ("{sentence!r} 需要某个角色的 first_password，型号文件里没有 ({place})",),
    ),
    "unmet_after": (
        ("{sentence!r} would leave a terminal that nobody can sign on to: the profile does not promise the rule "
         "'reset restores passwords', and there is no other terminal to go on with ({place})",),
        ("{sentence!r} 之后将无人能签到：型号文件没有规则 'reset restores passwords'，也没有可以换用的终端 ({place})",),
    ),
    "unmet_somebody": (
        ("{sentence!r} needs somebody, the {name}, and the profile has nobody for it ({place})",),
        ("{sentence!r} 需要“{name}”，型号文件里没有这样的人 ({place})",),
    ),
    "unmet_number": (
        ("{sentence!r} needs an operator number, and the {name} has none ({place})",),
        ("{sentence!r} 需要操作员号，“{name}”没有 ({place})",),
    ),
    "unmet_permission": (
        ("{sentence!r} needs a role that may: {name} is not possible on this terminal ({place})",),
        ("{sentence!r} 需要有权限的角色：本终端不允许 {name} ({place})",),
    ),
    "unmet_line": (
        ("{sentence!r} needs {name} on the rig, which it does not have ({place})",),
        ("{sentence!r} 需要台架上的 {name}，该台架没有 ({place})",),
    ),
    "needs_unmet": (
        ("{count} scenarios need what this terminal or rig does not have", "", "{reasons}"),
        ("{count} 个场景需要本终端或台架没有的功能", "", "{reasons}"),
    ),
    "would_be_skipped": (("would be skipped: {why}",), ("将被跳过：{why}",)),
    "would_skip": (
        ("{count} scenarios would be skipped: this terminal or rig lacks what they need",),
        ("{count} 个场景将被跳过：本终端或台架没有所需的功能",),
    ),
}  # fmt: skip
