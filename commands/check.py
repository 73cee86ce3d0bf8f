"""``posrig check``: is this rig fit for use? Each part is tried on its own and named when it is not."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table

from commands.common import add_json_option, add_rig_option, print_json
from rigs.description import read_rig
from rigs.faults import ConfigurationError, ExitCode, PosrigError, RigFault, worst
from rigs.rig import PartsLost, Rig
from rigs.session import rig_session
from rigs.terminal.flows.starting import STARTING
from rigs.wire_evidence import felt

SUMMARY = "check the rig: identities, relays, supply against meter, and that the terminal starts"
EPILOG = """\
The terminal is switched off before, on for its start, and off after. Relays are tried while it has no power.
example:   posrig check --rig my-rig.yaml"""

SUPPLY_AND_METER_V = 0.1
SUPPLY_AND_METER_A = 0.02
STILL_S = 0.02
"""A contact that opens again while it still bounces may be felt twice."""
OFF_BELOW_A = 0.005
MARGIN = 0.2
"""The profile's supply currents are typical: this share of them is allowed on top, either way."""


@dataclass(frozen=True, slots=True)
class Row:
    """One part: what was found, and whether it is right."""

    part: str
    found: str
    ok: bool
    todo: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_rig_option(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    started = time.monotonic()
    description = read_rig(arguments.rig)
    rows: list[Row] = []
    code = ExitCode.HELD
    try:
        with rig_session(description) as held:
            Check(held.rig, rows).all()
    except ConfigurationError:
        raise
    except PosrigError as exc:
        rows += _lost(exc)
        code = exc.exit_code
    else:
        outcomes = held.rig.outcomes
        rows += [Row(f"at the end: {o.name}", o.detail or o.state.value, o.proved) for o in outcomes]
    if any(not row.ok for row in rows):
        code = worst([code, ExitCode.RIG_FAULT])
    _report(arguments, description.name, rows, time.monotonic() - started, code)
    return int(code)


def _lost(fault: PosrigError) -> list[Row]:
    failures = fault.failures if isinstance(fault, PartsLost) else (fault,)
    return [
        Row(
            str(getattr(failure, "instrument", "")) or "rig",
            f"{failure.found}\n{failure.where}".strip(),
            False,
            failure.todo,
        )
        for failure in failures
    ]


class Check:
    """The trials on an open rig, in order: without power first."""

    def __init__(self, rig: Rig, rows: list[Row]) -> None:
        self._rig, self._rows = rig, rows

    def all(self) -> None:
        rig = self._rig
        for name, instrument in (("supply", rig.supply), ("switch", rig.switch), ("meter", rig.meter)):
            if instrument is not None and (identity := instrument.identity) is not None:
                words = f"{identity.model}, serial number {identity.serial_number}, firmware {identity.firmware}"
                self._rows.append(Row(name, words, True))
        for outcome in rig.start_outcomes:
            self._rows.append(Row(f"at the start: {outcome.name}", outcome.detail, outcome.proved))
        if self._try("relays", self._relays) and self._try("terminal from the shelf", self._fresh):
            self._powered()

    def _powered(self) -> None:
        if not self._try("power on", self._power_on):
            return
        for part, trial in (
            ("voltage at the terminal", self._voltage),
            ("terminal starts", self._starts),
            ("current of the terminal", self._current),
            ("a key is felt", self._key),
        ):
            self._try(part, trial)
        self._try("power off", self._power_off)

    def _try(self, part: str, trial: Callable[[], str]) -> bool:
        try:
            self._rows.append(Row(part, trial(), True))
        except PosrigError as exc:
            self._rows.append(Row(part, exc.found, False, exc.todo))
            return False
        return True

    def _relays(self) -> str:
        """Each relay closes alone, says so, counts it, and opens again. Only without power: no key may be felt."""
        switch = self._rig.switch
        before, felt_before = switch.cycles(switch.wired), felt(self._rig)
        names = {channel: key for key, channel in self._rig.description.keypad.channels.items()}
        wrong = []
        for channel in switch.wired:
            stood = channel in switch.closed(switch.wired)
            if stood:  # a line that rests closed
                switch.open_channels((channel,))
            switch.close_channels((channel,))
            found = switch.closed(tuple(c for c in switch.wired if c == channel or c in names))
            if not stood:
                self._rig.clock.sleep(STILL_S)
                switch.open_channels((channel,))
            if found - {channel} or channel not in found:
                wrong.append(f"{channel} ({names.get(channel, 'line')})")
        after = switch.cycles(switch.wired)
        wrong += [f"{channel} (did not count)" for channel in switch.wired if after[channel] <= before[channel]]
        wrong += _unfelt(names.values(), felt_before, felt(self._rig))
        if wrong:
            raise RigFault(
                f"relays that do not do as they are told: {', '.join(wrong)}",
                instrument="switch",
                todo="look at the actuator card in that slot, and at the contact and wire of a key that was not felt",
            )
        most = max(after, key=lambda channel: after[channel])
        told = f", {len(names)} felt on the key lines" if felt_before else ""
        return f"{len(switch.wired)} closed and opened{told}; most worn: {most} with {after[most]} closings"

    def _fresh(self) -> str:
        if self._rig.description.simulated is None:
            return f"the lab's own, serial number {self._rig.description.terminal.serial_number}"
        self._rig.fresh_terminal()
        return "a new simulated one"

    def _power_on(self) -> str:
        self._rig.power.on()
        return f"output {self._rig.supply.settings.channel} on"

    def _voltage(self) -> str:
        supply, words = self._rig.power.voltage_v(), ""
        if self._rig.meter is not None:
            meter = self._rig.meter.voltage_v()
            words = f", meter {meter:.2f} V"
            _near("voltage", supply, meter, SUPPLY_AND_METER_V, "V")
        return f"supply {supply:.2f} V{words}"

    def _starts(self) -> str:
        rig = self._rig
        within = rig.description.power.boots_within_s
        began = rig.clock.now()
        frame = rig.screen.first_not_in(STARTING, within)
        if frame is None:
            shown = " / ".join(line for line in rig.screen.frame().lines if line) or "nothing"
            raise RigFault(
                f"no known screen within {within:g} s; shown: {shown}",
                instrument="terminal",
                todo="check the terminal's cable and console, and the profile named in the rig file",
            )
        return f"screen {frame.screen!r} after {rig.clock.now() - began:.1f} s"

    def _current(self) -> str:
        rig, words = self._rig, ""
        rig.screen.settled()
        supply = rig.power.current_a()
        if rig.meter is not None:
            meter = rig.meter.current_a()
            words = f", meter {meter * 1000:.0f} mA"
            _near("current", supply, meter, SUPPLY_AND_METER_A, "A")
        low, high = (milliamps / 1000 for milliamps in rig.profile.data.supply_current_ma.get("idle", (0.0, 1e6)))
        if not low * (1 - MARGIN) <= supply <= high * (1 + MARGIN):
            raise RigFault(
                f"{supply * 1000:.0f} mA, expected {low * 1000:.0f} to {high * 1000:.0f} mA",
                instrument="supply",
                todo="is the right terminal connected, and nothing else?",
            )
        return f"supply {supply * 1000:.0f} mA{words}"

    def _key(self) -> str:
        rig = self._rig
        key = rig.profile.data.reset_key
        if rig.streams.service is None:
            rig.keypad.press(key)
            return f"{key} pressed; no service port to hear it on"
        mark = rig.terminal.service.mark()
        rig.keypad.press(key)
        rig.screen.settled()
        if not any(line.fields.get("edge") == "down" for line in rig.terminal.service.since(mark, "key")):
            raise RigFault(
                f"{key} was pressed and the terminal did not feel it",
                instrument="switch",
                todo=f"check the wire from channel {rig.description.keypad.channels.get(key)} to the keypad",
            )
        return f"{key} pressed and heard on the service port"

    def _power_off(self) -> str:
        self._rig.power.off()
        self._rig.clock.sleep(self._rig.description.power.off_s)
        found = self._rig.power.current_a()
        if found > OFF_BELOW_A:
            raise RigFault(f"{found * 1000:.0f} mA flow while the output is off", instrument="supply")
        return f"{found * 1000:.1f} mA"


def _near(what: str, supply: float, meter: float, within: float, unit: str) -> None:
    if abs(supply - meter) > within + 0.1 * abs(meter) * (unit == "A"):
        raise RigFault(
            f"supply and meter disagree on the {what}: {supply:.3f} {unit} and {meter:.3f} {unit}",
            instrument="meter",
            todo="check the meter's leads and range; the meter belongs in the terminal's supply line",
        )


def _report(arguments: argparse.Namespace, name: str, rows: list[Row], took_s: float, code: ExitCode) -> None:
    bad = [row for row in rows if not row.ok]
    if arguments.json:
        print_json(
            {
                "ok": not bad,
                "rig": name,
                "parts": [asdict(row) for row in rows],
                "took_s": round(took_s, 3),
                "exit_code": int(code),
            }
        )
        return
    table = Table(title=f"rig {name}", title_justify="left")
    for heading in ("", "part", "found"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        found = row.found + (f"\nto do: {row.todo}" if row.todo and not row.ok else "")
        table.add_row("[green]ok[/]" if row.ok else "[red bold]NO[/]", _plain(row.part), _plain(found))
    console = Console()
    console.print(table)
    verdict = f"{len(bad)} of {len(rows)} parts are not right" if bad else f"all {len(rows)} parts are right"
    console.print(f"{verdict}, {took_s:.1f} s", highlight=False)


def _plain(text: str) -> str:
    """Brackets in an instrument's words are no mark-up."""
    return text.replace("[", r"\[")


def _unfelt(keys: Iterable[str], before: Mapping[str, int], after: Mapping[str, int]) -> list[str]:
    """Keys whose line was not closed exactly once; nothing where no monitor is on the key lines."""
    if not before:
        return []
    times = {key: after.get(key, 0) - before.get(key, 0) for key in keys}
    return [f"key {key} (felt {n} times on its line)" for key, n in times.items() if n != 1]
