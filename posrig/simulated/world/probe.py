"""A tester in the terminal's place: the same wire with its faults, the same pin, a TLS client of its own.

It tells a line that is broken from a terminal that cannot speak TLS: what the tester can do, the terminal could have.
"""

from __future__ import annotations

import ssl
from contextlib import suppress
from dataclasses import dataclass

from posrig.simulated.world import wire
from posrig.simulated.world.tls import PortWire, SilentLineError, TlsLine, WrongCertificateError, connect
from posrig.simulated.world.world import World

_REQUEST = b"GET /manifest.json HTTP/1.1\r\nHost: update.posrig.test\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Probed:
    """``sound``: hands were shaken, the certificate is the pinned one, a request was answered in time. ``found``: what
    it was otherwise."""

    sound: bool
    found: str = ""


def probe(world: World, name: str) -> Probed:
    """Try the wire to ``host`` or ``update`` once. What befalls the tester is not counted as the terminal's."""
    port_wire = PortWire(name, world.wires[name].faults)
    port, pin = world.address(name)
    try:
        line = connect(port, pin, port_wire, _own_client())
    except WrongCertificateError:
        return Probed(False, "the server shows another certificate than the pinned one")
    except OSError as error:
        return Probed(False, f"no TLS line could be opened: {error}")
    try:
        _ask(line, name)
    except SilentLineError:
        return Probed(False, "the line went silent")
    except (OSError, wire.BadFrameError) as error:
        return Probed(False, f"the request was not answered: {error}")
    finally:
        with suppress(OSError):
            line.close()
    if port_wire.counts.late:
        return Probed(False, f"the answer was {port_wire.counts.slowest_s:g} s on the wire")
    if port_wire.counts.disturbed:
        return Probed(False, f"the wire disturbed {port_wire.counts.disturbed} messages")
    return Probed(True)


def _ask(line: TlsLine, name: str) -> None:
    """A question that changes nothing. Raises OSError or BadFrameError when no answer comes."""
    line.sendall(wire.encode({"type": "echo"}) if name == "host" else _REQUEST)
    answer = wire.receive(line) if name == "host" else line.recv(65_536)
    if not answer:
        raise ConnectionResetError("the server closed the line")
    if name == "host":
        wire.decode(answer)
    line.answered()
    line.take_late_s()


def _own_client() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False  # the pin is stricter than names and chains
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
