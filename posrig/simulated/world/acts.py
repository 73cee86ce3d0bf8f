"""The bench acts of the world (docs/wires.md, "Bench"): host, updates, stick, finger, help desk."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from posrig.simulated.bench_acts import Act, Arguments, BenchError
from posrig.simulated.world.host import ANSWERS, CERTIFICATES
from posrig.simulated.world.packages import FAULTS, SIZE, Package
from posrig.simulated.world.updates import Delivery
from posrig.simulated.world.world import World

LARGEST_IMAGE = 64_000_000
MOST_MESSAGES = 100_000


def acts(world: World) -> dict[str, Act]:
    """Act name -> callable, for a terminal with every line. Each raises BenchError when it cannot be done."""
    return {**_host_acts(world), **_update_acts(world), **_stick_acts(world), **_people_acts(world)}


def _host_acts(world: World) -> dict[str, Act]:
    def lock(args: Arguments) -> None:
        cause = args.choice("cause", ("C04",), "C04")
        reference = args.optional("reference", str, "4821")
        args.done()
        world.push({"type": "lock", "cause": cause, "reference": reference})

    def unlock(args: Arguments) -> None:
        args.done()
        world.push({"type": "unlock"})

    def push(args: Arguments) -> None:
        message = args.required("message", dict)
        args.done()
        world.push(message)

    def journal(args: Arguments) -> list[dict[str, Any]]:
        args.done()
        return world.host.ledger.as_list()

    def noise(args: Arguments) -> None:
        seconds, every_s = args.required("seconds", float), args.required("every_s", float)
        args.done()
        if every_s <= 0 or not 0 <= seconds / every_s <= MOST_MESSAGES:
            raise BenchError(
                f"{seconds} s every {every_s} s", allowed=f"every_s over 0, at most {MOST_MESSAGES} messages"
            )
        world.noise(seconds, every_s)

    return _all(
        {
            "host.lock": lock,
            "host.unlock": unlock,
            "host.push": push,
            "host.set": lambda args: _host_set(world, args),
            "host.journal": journal,
            "host.noise": noise,
        }
    )


def _host_set(world: World, args: Arguments) -> None:
    now = world.host.behaviour
    changes = {
        "answer": args.choice("answer", ANSWERS, now.answer),
        "code": args.optional("code", str, now.code),
        "delay_s": args.optional("delay_s", float, now.delay_s),
        "certificate": args.choice("certificate", CERTIFICATES, now.certificate),
        "parameters": args.optional("parameters", dict, now.parameters),
        "time_offset_s": args.optional("time_offset_s", float, now.time_offset_s),
        "zone": args.optional("zone", str, now.zone),
    }
    args.done()
    world.change_host(**changes)


def _update_acts(world: World) -> dict[str, Act]:
    def make(args: Arguments) -> dict[str, Any]:
        package = _build(world, args)
        args.done()
        return {"package": base64.b64encode(package.to_bytes()).decode(), "manifest": package.fields}

    def offer(args: Arguments) -> dict[str, Any]:
        other = args.optional("other_version", str)
        package = _given(args) if args.has("package") else _build(world, args)
        args.done()
        image = world.package(other, size=max(len(package.image), 1_000)).image if other else bytes(len(package.image))
        world.offer(package, image)
        return package.fields

    return _all({"update.build": make, "update.offer": offer, "update.server": lambda args: _server(world, args)})


def _build(world: World, args: Arguments) -> Package:
    faults = args.optional("faults", list, [])
    unknown = [fault for fault in faults if fault not in FAULTS]
    if unknown:
        raise BenchError(f"unknown fault {unknown[0]!r}", allowed=", ".join(sorted(FAULTS)))
    size = args.optional("size", int, SIZE)
    if not 1_000 <= size <= LARGEST_IMAGE:
        raise BenchError(f"an image of {size} bytes", allowed=f"1000 to {LARGEST_IMAGE}")
    return world.package(
        args.optional("version", str, "2.5.0"),
        model=args.optional("model", str),
        size=size,
        faults=tuple(faults),
        precursor=args.optional("precursor", str),
    )


def _packed(world: World, name: str, wanted: object) -> bytes:
    """Built where it will lie: an image of megabytes need not cross the bench wire twice."""
    if not isinstance(wanted, dict):
        raise BenchError(
            f"package {name!r} is of type {type(wanted).__name__}", allowed="the arguments of update.build"
        )
    args = Arguments(wanted)
    package = _build(world, args)
    args.done()
    return package.to_bytes()


def _given(args: Arguments) -> Package:
    raw = _from_base64("package", args.required("package", str))
    try:
        return Package.from_bytes(raw)
    except ValueError as error:
        raise BenchError(str(error), todo="take one from update.build") from None


def _server(world: World, args: Arguments) -> None:
    now = world.shelf.delivery
    wanted = Delivery(
        certificate=args.choice("certificate", CERTIFICATES, now.certificate),
        rate=args.optional("rate", float, now.rate),
        cut_after=_nullable(args, "cut_after", now.cut_after),
        endless=args.optional("endless", bool, now.endless),
        flip_at=_nullable(args, "flip_at", now.flip_at),
        redirect=args.optional("redirect", str, now.redirect),
        replace_after_check=args.optional("replace_after_check", bool, now.replace_after_check),
        mix_after=_nullable(args, "mix_after", now.mix_after),
    )
    args.done()
    if wanted.rate <= 0:
        raise BenchError(f"a rate of {wanted.rate} bytes per second", allowed="more than 0")
    world.shelf.delivery = wanted


def _nullable(args: Arguments, name: str, now: int | None) -> int | None:
    """An argument that null switches off."""
    given = args.has(name)
    value: int | None = args.optional(name, int)
    return value if given else now


def _stick_acts(world: World) -> dict[str, Act]:
    def fill(args: Arguments) -> None:
        files, packages = args.optional("files", dict, {}), args.optional("packages", dict, {})
        args.done()
        if bad := [name for name in (*files, *packages) if not name or "/" in name or name in (".", "..")]:
            raise BenchError(f"file name {bad[0]!r}", allowed="a plain name, no folder")
        given = {name: _from_base64(name, data) for name, data in files.items()}
        world.stick.write(given | {name: _packed(world, name, wanted) for name, wanted in packages.items()})

    def files(args: Arguments) -> dict[str, str]:
        args.done()
        return {name: base64.b64encode(data).decode() for name, data in world.stick.read().items()}

    def insert(args: Arguments) -> None:
        args.done()
        world.stick.plug(True)

    def remove(args: Arguments) -> None:
        args.done()
        world.stick.plug(False)

    return _all({"usb.stick": fill, "usb.files": files, "usb.insert": insert, "usb.remove": remove})


def _people_acts(world: World) -> dict[str, Act]:
    def touch(args: Arguments) -> None:
        finger, alive = args.required("finger", str), args.optional("alive", bool, True)
        args.done()
        world.finger.touch(finger, alive)

    def dead(args: Arguments) -> None:
        is_dead = args.required("dead", bool)
        args.done()
        world.finger.working = not is_dead

    def code(args: Arguments) -> dict[str, str]:
        serial, challenge = args.required("serial_number", str), args.required("challenge", str)
        day = args.optional("date", str, datetime.fromtimestamp(world.scheduler.now, UTC).date().isoformat())
        args.done()
        try:
            date.fromisoformat(day)
        except ValueError:
            raise BenchError(f"date {day!r}", allowed="YYYY-MM-DD, in UTC") from None
        return {"code": world.unlock_code(serial, challenge, day)}

    return _all({"finger.touch": touch, "finger.dead": dead, "helpdesk.code": code})


def _all(acts_by_name: Mapping[str, Callable[[Arguments], Any]]) -> dict[str, Act]:
    """Each act takes its arguments and calls ``done`` before it does anything: a typing slip changes nothing."""
    return {name: _act(act) for name, act in acts_by_name.items()}


def _act(act: Callable[[Arguments], Any]) -> Act:
    return lambda args: act(Arguments(args))


def _from_base64(name: str, text: object) -> bytes:
    if not isinstance(text, str):
        raise BenchError(f"{name!r} is of type {type(text).__name__}", allowed="base64 in a string")
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise BenchError(f"{name!r} is not base64", allowed="base64 in a string") from None
