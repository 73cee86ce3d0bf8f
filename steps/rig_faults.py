"""What goes wrong with the rig, on purpose: to see that it is called a rig fault and never a defect of the terminal."""

from __future__ import annotations

from rigs.terminal.terminal import Terminal
from steps.language import given, when


@given("the rig's instrument {text} drops out of the network", "台架的仪器{text}掉线")
@when("the rig's instrument {text} drops out of the network", "台架的仪器{text}掉线")
def instrument_lost(name: str, terminal: Terminal) -> None:
    """supply, switch or meter: its connections break and new ones are refused."""
    terminal.do("instrument.lose", name=name, how="drop")


@when("the rig's instrument {text} stops answering", "台架的仪器{text}不再应答")
def instrument_silent(name: str, terminal: Terminal) -> None:
    """Its connection stays open and nothing comes back."""
    terminal.do("instrument.lose", name=name, how="silent")
