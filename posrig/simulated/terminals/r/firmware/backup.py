"""Backup to the USB stick: parameters and operators, no secrets; restored after a reset on request."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from posrig.simulated.terminals.r.firmware.hostlink import PARAMETERS
from posrig.simulated.terminals.r.firmware.pages import Ask, Notice, refusal
from posrig.simulated.terminals.r.firmware.records import Role
from posrig.simulated.terminals.r.firmware.room import Room

FILE = "backup-r.json"
MOST_BYTES = 65_536
SETTINGS = {
    "idle_lock_min": int,
    "zone": str,
    "phone": str,
    "net_lock_h": int,
}
"""Parameters that a backup may bring back, with their type. Others in the file are left alone."""


class Backup(Room):
    def write(self) -> None:
        """5 in system."""
        folder = self.fw.board.usb.folder()
        if folder is None:
            self.fw.pages.show(refusal(self.fw, "no_stick", self.fw.menus.system))
            return
        content = self.content()
        (folder / FILE).write_text(json.dumps(content), encoding="utf-8")
        self.fw.log.add("backup", self.fw.sign_on.operator or "")
        fields = {"settings": len(content["parameters"]), "operators": len(content["operators"])}
        self.fw.pages.show(Notice(self.fw, "backup_done", self.fw.menus.system, fields, seconds=2.0, by_key=False))

    def content(self) -> dict[str, Any]:
        """No password, no digest, no seed, no finger."""
        prefix = "parameter."
        parameters = {key.removeprefix(prefix): self.fw.store.get(key) for key in self.fw.store.names(prefix)}
        return {
            "when": self.fw.utc().isoformat(timespec="seconds"),
            "parameters": parameters,
            "operators": self.fw.operators.ids(),
        }

    def on_stick(self) -> dict[str, Any] | None:
        """A well-formed backup on the stick, or None."""
        folder = self.fw.board.usb.folder()
        if folder is None:
            return None
        return self.read(folder / FILE)

    def read(self, path: Path) -> dict[str, Any] | None:
        try:
            if path.stat().st_size > MOST_BYTES:
                return None
            content = json.loads(path.read_text(encoding="utf-8"))
            datetime.fromisoformat(content["when"])
            parameters, operators = content["parameters"], content["operators"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if not isinstance(parameters, dict) or not isinstance(operators, list):
            return None
        return {"when": content["when"], "parameters": parameters, "operators": operators}

    def ask_restore(self, then: Callable[[], None]) -> None:
        content = self.on_stick()
        if content is None:
            then()
            return
        when = datetime.fromisoformat(content["when"]).timestamp()
        fields = {"when": self.fw.date_text(when) + " " + self.fw.clock_text(when)}

        def yes() -> None:
            self.restore(content)
            then()

        self.fw.pages.show(Ask(self.fw, "restore_ask", yes, then, fields))

    def restore(self, content: dict[str, Any]) -> None:
        """Parameters of a known name and type; operators that are missing, without a password that works: the admin
        gives each a first one."""
        with self.fw.store.transaction():
            for name, kind in SETTINGS.items():
                value = content["parameters"].get(name)
                if type(value) is kind and self.sensible(name, value):
                    self.fw.set_parameter(name, value)
            for operator in content["operators"]:
                if self.restorable(operator):
                    first = f"{self.fw.board.rng():08x}{self.fw.board.rng():08x}"
                    self.fw.passwords.give_initial(operator, first)
            self.fw.log.add("restore", "99")

    def sensible(self, name: str, value: Any) -> bool:
        if name == "zone":
            return self.fw.known_zone(value)
        return PARAMETERS[name](value)

    def restorable(self, operator: object) -> bool:
        return (
            isinstance(operator, str)
            and len(operator) == 2
            and operator.isascii()
            and operator.isdigit()
            and self.fw.roles.of(operator) is not Role.ADMIN
            and not self.fw.passwords.known(operator)
        )
