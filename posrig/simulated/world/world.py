"""Everything around one terminal: host, update server, vendor, help desk, stick, finger, and its network interface."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from posrig.simulated.hardware.board import Trust
from posrig.simulated.loop.scheduler import Scheduler, Timer
from posrig.simulated.wires.faults import WireFaults
from posrig.simulated.world.finger import FingerSensor
from posrig.simulated.world.helpdesk import unlock_code
from posrig.simulated.world.host import HostServer, PaymentHost
from posrig.simulated.world.keys import key_room
from posrig.simulated.world.nic import Network, SimulatedNic
from posrig.simulated.world.packages import MODEL, SIZE, Package, build
from posrig.simulated.world.stick import Stick
from posrig.simulated.world.tls import PortWire
from posrig.simulated.world.updates import Shelf, UpdateServer


class World:
    """Servers and keys are made once; :meth:`reset` gives a world without a past on the same ports.

    The board hands ``nic``, ``stick`` and ``finger`` to the firmware and calls :meth:`power_down` at each power cut
    and restart, before the old firmware is thrown away.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        directory: Path | None = None,
        faults: WireFaults | None = None,
        *,
        model: str = MODEL,
    ) -> None:
        """``directory`` is where the stick's folder lies; without it a temporary one, removed by :meth:`close`.

        ``faults``: those of the wires to host and update server. ``model``: whose firmware the vendor packs when
        nothing else is asked for.
        """
        self.model = model
        self.wires = {name: PortWire(name, faults) for name in ("host", "update")}
        self.scheduler = scheduler
        self.keys = key_room()
        self._own = tempfile.TemporaryDirectory(prefix="posrig-world-") if directory is None else None
        root = directory if directory is not None else Path(self._own.name if self._own else ".")
        self.host = PaymentHost(lambda: scheduler.now)
        self.shelf = Shelf()
        self._host_server = HostServer(self.host, self.keys.host)
        self._update_server = UpdateServer(self.shelf, self.keys.update)
        self.stick = Stick(root / "stick")
        self.finger = FingerSensor()
        self.nic = SimulatedNic(scheduler, self._network())
        self._noise: list[Timer] = []

    def close(self) -> None:
        """Close the sockets and remove the temporary folder."""
        self.nic.power_down()
        self._host_server.close()
        self._update_server.close()
        if self._own is not None:
            self._own.cleanup()

    def reset(self) -> None:
        """Host, servers and stick as on the first day; the cable is in. The terminal has to be without power."""
        for timer in self._noise:
            timer.cancel()
        self._noise.clear()
        self.power_down()
        self.nic.cable(True)
        self.host.reset()
        self.shelf.reset()
        self.stick.reset()
        self.finger.reset()

    def power_down(self) -> None:
        self.nic.power_down()
        self.stick.power_down()
        self.finger.power_down()

    def address(self, name: str) -> tuple[int, str]:
        """Port and pin of a server: ``host`` or ``update``."""
        server = self._host_server if name == "host" else self._update_server
        return server.port, (self.keys.host if name == "host" else self.keys.update)["good"].pin

    def trust(self, serial_number: str) -> Trust:
        return self.keys.trust(serial_number)

    def unlock_code(self, serial_number: str, challenge: str, date: str) -> str:
        """The help desk's answer; ``date`` is ``YYYY-MM-DD`` in UTC."""
        return unlock_code(self.keys.unlock_key(serial_number), serial_number, date, challenge)

    def package(
        self,
        version: str = "2.5.0",
        *,
        model: str | None = None,
        size: int = SIZE,
        faults: tuple[str, ...] = (),
        precursor: str | None = None,
    ) -> Package:
        """Raises ValueError as :func:`posrig.simulated.world.packages.build`."""
        return build(
            self.keys,
            version=version,
            model=self.model if model is None else model,
            size=size,
            faults=faults,
            now=self.scheduler.now,
            precursor=precursor,
        )

    def push(self, message: dict[str, Any]) -> None:
        """An unasked message of the host: sent when the link is up, else after the next attach."""
        self.host.outbox.append(message)
        self.nic.mail()

    def noise(self, seconds: float, every_s: float) -> None:
        """Messages without meaning, at fixed intervals from now on."""
        for count in range(1, int(seconds / every_s) + 1):
            self._noise.append(self.scheduler.after(count * every_s, lambda: self.push({"type": "noise"})))

    def offer(self, package: Package, other: bytes = b"") -> None:
        """Put a package on the update server and let the host announce it. ``other``: what may take its place later."""
        self.shelf.put(package, other=other)
        self.push({"type": "update"})

    def change_host(self, **changes: Any) -> None:
        """Set fields of :class:`posrig.simulated.world.host.Behaviour`; another certificate closes the open line."""
        certificate = self.host.behaviour.certificate
        for name, value in changes.items():
            setattr(self.host.behaviour, name, value)
        if self.host.behaviour.certificate != certificate:
            self._host_server.hang_up()

    def _network(self) -> Network:
        return Network(
            host_port=self._host_server.port,
            update_port=self._update_server.port,
            host_pin=self.keys.host["good"].pin,
            update_pin=self.keys.update["good"].pin,
            outbox=self.host.outbox,
            ring=self._host_server.ring,
            host_wire=self.wires["host"],
            update_wire=self.wires["update"],
        )
