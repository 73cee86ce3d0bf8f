"""What people and other machines do around a terminal: one act, one capability (docs/wires.md, bench).

On the simulated rig every act goes over the bench wire. A lab has the acts that its own tools can do; an act it lacks
is a configuration error that names the capability, so that a scenario can be skipped with the reason.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from typing import Any, Protocol

from posrig.ground.faults import ConfigurationError, RigFault
from posrig.ground.json_text import parsed_json
from posrig.ground.line_socket import LineSocket

CAPABILITIES: Mapping[str, str] = {
    "terminal.fresh": "take another terminal from the shelf",
    "terminal.journal": "read the terminal's journal",
    "terminal.storage": "read the terminal's stored state with the service tool",
    "terminal.tamper": "open the terminal's case",
    "terminal.fault": "break or mend a part of the terminal",
    "rtc.battery": "change the clock chip's battery",
    "rtc.set": "set the clock chip",
    "battery": "set the battery's charge and the mains",
    "usb.stick": "write files to the USB stick",
    "usb.files": "read the files on the USB stick",
    "usb.insert": "plug the USB stick",
    "usb.remove": "unplug the USB stick",
    "finger.touch": "touch the fingerprint sensor",
    "touch": "touch the terminal's glass",
    "finger.dead": "break or mend the fingerprint sensor",
    "host.lock": "lock the terminal from the back office",
    "host.unlock": "unlock the terminal from the back office",
    "host.push": "send a message from the back office",
    "host.set": "choose how the payment host behaves",
    "host.journal": "read the host's journal",
    "host.noise": "let the host send noise",
    "update.build": "build an update package",
    "update.offer": "offer an update",
    "update.server": "choose how the update server behaves",
    "helpdesk.code": "ask the help desk for an unlock code",
    "instrument.lose": "let an instrument vanish from the network",
    "instrument.restore": "bring an instrument back",
    "relay.fault": "break or mend a relay",
    "keys.felt": "count closings on the key lines",
    "wire.fault": "put a fault on a wire of the rig",
    "wire.mend": "mend the wires of the rig",
    "wire.faults": "list the faults of the rig's wires",
    "wire.counts": "read the counters of the terminal's network port",
    "wire.probe": "try the line to host or update server with a tester",
    "streams.sent": "count what leaves the terminal's console and service port",
    "quit": "end the simulated rig",
}
"""Act -> what it does, in words."""


class Bench(Protocol):
    """Acts around the terminal."""

    @property
    def capabilities(self) -> frozenset[str]:
        """The acts that this rig can do."""

    def do(self, act: str, **args: Any) -> Any:
        """Do one act and return its result. Raises ConfigurationError (unknown act, wrong argument) or RigFault."""

    def close(self) -> None: ...


class NoBench:
    """A rig without a bench: every act is refused with the name of the missing capability."""

    capabilities: frozenset[str] = frozenset()

    def do(self, act: str, **args: Any) -> Any:
        _known(act)
        raise ConfigurationError(
            f"this rig cannot {CAPABILITIES[act]} (capability {act!r})",
            where="rig file, field bench",
            allowed="scenarios that do not need it",
            todo="run the scenario on a rig that has a bench, or leave it out",
        )

    def close(self) -> None:
        return


class WireBench:
    """The bench of a simulated rig, over its bench wire."""

    capabilities: frozenset[str] = frozenset(CAPABILITIES)

    def __init__(self, address: str, *, answer_within_s: float = 30.0) -> None:
        self._wire = LineSocket("bench", address)
        self._within_s = answer_within_s
        self._ids = itertools.count(1)

    def do(self, act: str, **args: Any) -> Any:
        _known(act)
        number = next(self._ids)
        request = json.dumps({"id": number, "do": act, "args": args}, ensure_ascii=False) + "\n"
        # the arguments may hold passwords: a fault of the wire names the act, never the request
        answer = self._wire.ask(request.encode(), self._within_s, label=act)
        try:
            reply = parsed_json(answer)
            ok, identical = bool(reply["ok"]), reply["id"] == number
        except (ValueError, KeyError, TypeError):
            raise RigFault(f"the bench answered no JSON object to {act!r}", instrument="bench") from None
        if not identical:
            raise RigFault(f"the bench answered another question than {act!r}", instrument="bench")
        if not ok:
            raise ConfigurationError(
                f"the bench refused {act!r}: {reply.get('error', 'no reason given')}", where="bench"
            )
        return reply.get("result")

    def close(self) -> None:
        self._wire.close()


def _known(act: str) -> None:
    if act not in CAPABILITIES:
        raise ConfigurationError(f"the bench has no act {act!r}", allowed=", ".join(CAPABILITIES))
