"""What the records of terminal R's own log are called, English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

LOG_EVENTS: Mapping[str, tuple[str, str]] = {
    "sign_on": ("sign-on", "签到"),
    "sign_on_no": ("sign-on refused", "签到被拒"),
    "sign_off": ("sign-off", "签退"),
    "lock": ("lock", "锁定"),
    "unlock": ("unlock", "解锁"),
    "lockout": ("operator locked out", "操作员被锁"),
    "lockout_over": ("lock-out ended", "操作员锁定期满"),
    "lockout_off": ("lock-out lifted", "操作员锁定解除"),
    "code_no": ("code refused", "动态码被拒"),
    "reset": ("factory reset", "恢复出厂"),
    "reset_no": ("reset refused", "恢复出厂被拒"),
    "restart": ("restart", "重启"),
    "password": ("password changed", "修改密码"),
    "log_read": ("log read", "查看日志"),
    "approval": ("approval", "授权"),
    "approval_no": ("approval refused", "授权被拒"),
    "settled": ("settlement", "结算"),
    "reversal": ("reversal", "冲正"),
    "tamper": ("tamper", "防拆报警"),
    "self_test_no": ("self-test failed", "自检失败"),
    "clock": ("clock set", "校时"),
    "parameter": ("parameter changed", "参数修改"),
    "finger_no": ("finger refused", "指纹被拒"),
    "finger_dead": ("finger sensor failed", "指纹模块故障"),
    "finger_set": ("finger setting changed", "指纹设置变更"),
    "enrolled": ("finger enrolled", "指纹登记"),
    "certificate": ("certificate", "证书"),
    "update_ok": ("update installed", "升级成功"),
    "update_no": ("update refused", "升级被拒"),
    "update_back": ("update taken back", "升级回退"),
    "backup": ("backup", "备份"),
    "restore": ("restore", "还原"),
    "op_add": ("operator added", "新增操作员"),
    "op_delete": ("operator deleted", "删除操作员"),
    "op_reset": ("operator's password reset", "重置操作员密码"),
    "reactivated": ("terminal reactivated", "终端重新激活"),
}
"""Event as the service port names it -> what people call it."""
