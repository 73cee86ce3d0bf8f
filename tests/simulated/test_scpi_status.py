"""Status reporting over the wire: error queue, event registers, status byte."""

from __future__ import annotations

from rig_process import RigProcess


def test_the_queue_keeps_the_oldest_twenty_and_says_that_it_ran_over(rig: RigProcess) -> None:
    for _ in range(25):
        rig.wire("meter").write("NOPE")
    assert rig.scpi("meter", "SYST:ERR:COUN?") == "+20"
    errors = [rig.scpi("meter", "SYST:ERR?") for _ in range(21)]
    assert errors[0] == '-113,"Undefined header"'
    assert errors[19] == '-350,"Queue overflow"'
    assert errors[20] == '+0,"No error"'


def test_an_unknown_query_gives_no_answer(rig: RigProcess) -> None:
    rig.wire("supply").write("NOPE?")
    assert rig.scpi("supply", "*IDN?").startswith("Keysight Technologies,E36312A,")
    assert rig.scpi("supply", "SYST:ERR?").startswith("-113")


def test_event_bits_by_class_and_reading_clears(rig: RigProcess) -> None:
    assert rig.scpi("supply", "*CLS;*ESR?") == "+0"
    assert rig.scpi("supply", "NOPE;*ESR?") == "+32"
    assert rig.scpi("supply", "VOLT 99,(@2);*ESR?") == "+16"
    assert rig.scpi("switch", "*CLS;:ROUT:CLOS (@1099);*ESR?") == "+8"
    assert rig.scpi("switch", "*ESR?") == "+0"
    assert rig.scpi("switch", "*OPC;*ESR?") == "+1"


def test_status_byte_sums_up(rig: RigProcess) -> None:
    assert rig.scpi("meter", "*CLS;*STB?") == "+0"
    assert rig.scpi("meter", "*ESE 32;*SRE 32;NOPE;*STB?") == f"+{4 + 32 + 64}"
    assert rig.scpi("meter", "SYST:ERR?;*STB?").endswith(f";+{32 + 64}")
    assert rig.scpi("meter", "*ESR?;*STB?;*ESE?;*SRE?") == "+32;+0;+32;+32"


def test_cls_keeps_the_masks(rig: RigProcess) -> None:
    assert rig.scpi("meter", "*ESE 60;*CLS;*ESE?;:STAT:QUES:ENAB 512;ENAB?") == "+60;+512"


def test_a_message_without_end_is_an_overrun(rig: RigProcess) -> None:
    wire = rig.another("meter")
    wire.socket.sendall(b"*IDN?" * 20_000 + b"\n")
    assert wire.ask("SYST:ERR?") == '-363,"Input buffer overrun"'
    wire.close()


def test_carriage_return_two_messages_and_pieces(rig: RigProcess) -> None:
    wire = rig.wire("meter")
    wire.socket.sendall(b"*OPC?\r\n*OPC?\n*OP")
    assert wire.read() == "1"
    wire.socket.sendall(b"C?;*TST?\r\n")
    assert [wire.read(), wire.read()] == ["1", "1;+0"]


def test_several_clients_share_one_instrument(rig: RigProcess) -> None:
    other = rig.another("supply")
    other.write("NOPE")
    assert other.ask("*OPC?") == "1"
    assert rig.scpi("supply", "SYST:ERR?").startswith("-113")
    other.close()


def test_what_third_parties_ask(rig: RigProcess) -> None:
    assert rig.scpi("supply", "SYST:VERS?;BEEP:STAT?;:SYST:BEEP;*OPT?") == "1999.0;1;0"
    assert rig.scpi("supply", "VOLT:SENS? (@1,2);*ESR?").startswith("INT,INT;")
    assert rig.scpi("meter", 'DISP:TEXT "posrig ""1""";TEXT?') == '"posrig "1""'
    assert rig.scpi("switch", "SYST:CTYP? 1") == "Agilent Technologies,34903A,MY00000011,1.0"
    assert rig.scpi("switch", "SYST:CTYP? 8;MOD:TERM:TYPE? 1") == "Agilent Technologies,0,0,0;NONE"
    for name in ("supply", "switch", "meter"):
        assert rig.scpi(name, "SYST:REM;ERR?") == '+0,"No error"'
