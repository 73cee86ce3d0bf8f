"""What the rest of the firmware asks of the payment, host and update rooms; the behaviour of a terminal without them.

The real rooms (transactions.py, journal.py, hostlink.py, update.py, slots.py) derive from these and are named in
parts.py. Here stands the least that holds: no batch, no host, no update.
"""

from __future__ import annotations

from rigs.simulated.firmware.room import Room


class JournalRoom(Room):
    """Batch, trace numbers, reversals."""

    def unsettled(self) -> int:
        """Records of the batch that are not settled (sign-off, reset and update are refused while > 0)."""
        return 0


class TransactionsRoom(Room):
    """Sale, void, refund, settle and the pages they show. ``idle`` itself (amount entry) is menus.py's page."""

    def busy(self) -> bool:
        """A transaction is open (amount accepted, answer or printing to come): no restart, no idle lock now."""
        return False

    def recover(self) -> bool:
        """At start: when a transaction was cut, show ``recover`` and return True; call ``fw.home()`` when done."""
        return False

    def sale(self, amount: int) -> None:
        """ENTER at ``idle`` with an amount in cents > 0; the right to sell was checked."""
        self.fw.menus.not_allowed()

    def void(self) -> None:
        """2 in the menu; the right was checked (a cashier's goes through ``fw.sign_on.approval``)."""
        self.fw.menus.not_allowed()

    def refund(self) -> None:
        """3 in the menu."""
        self.fw.menus.not_allowed()

    def settle(self) -> None:
        """4 in the menu."""
        self.fw.menus.not_allowed()


class HostlinkRoom(Room):
    """Host messages: sign-on data, pushes (host lock), network lock."""

    def signed_on(self, operator: str) -> None:
        """Somebody signed on: fetch date, time and parameters."""

    def try_again(self) -> None:
        """F1 at ``net_lock``."""


class SlotsRoom(Room):
    """Two image slots, versions, trial starts."""

    def version(self) -> str:
        """Version of the running image."""
        return str(self.fw.store.get("version", "2.4.1"))

    def starting(self) -> bool:
        """At power-on, before the boot screen: count a trial start, fall back. False: show nothing, restart follows."""
        return True

    def started_well(self) -> None:
        """Boot and self-test are through."""

    def image_fault(self) -> str | None:
        """Self-test item ``firmware``: a fault code, or None."""
        return None


class UpdateRoom(Room):
    """Offers, download, check, write."""

    def menu(self) -> None:
        """2 in the system menu."""
        self.fw.menus.not_allowed()

    def stick_changed(self) -> None:
        """The USB stick was plugged or pulled."""

    def offer_waiting(self) -> bool:
        """``home`` asks, when 99 is signed on at an unlocked terminal: show ``upd_offer`` and return True."""
        return False
