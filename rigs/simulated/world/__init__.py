"""The world around the simulated terminal: real sockets, real signatures, on the simulation's clock."""

from rigs.simulated.world.acts import acts
from rigs.simulated.world.world import World

__all__ = ["World", "acts"]
