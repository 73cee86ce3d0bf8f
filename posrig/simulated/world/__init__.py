"""The world around the simulated terminal: real sockets, real signatures, on the simulation's clock."""

from posrig.simulated.world.acts import acts
from posrig.simulated.world.world import World

__all__ = ["World", "acts"]
