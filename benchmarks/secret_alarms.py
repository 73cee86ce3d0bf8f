"""How often the scan of a clean run would be a false alarm, whatever the passwords of its rig are.

``python benchmarks/secret_alarms.py RUN_FOLDER ... [--samples N]``: looks through the folders with N random passwords
of each length at once, and counts those that are "found": none of them was ever typed there. Prints the share for each
length and form, and the chance of a false alarm for a rig with the reference lab's seven passwords.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from posrig.description.credentials import DIGITS, weakness
from posrig.evidence.secret_scan import scan
from posrig.ground.secret import Secret

LENGTHS = [4, 6, 8]


def passwords(digits: int, count: int, source: random.Random) -> dict[str, Secret]:
    """Different ones that a terminal would take; the label is the password, to tell what was found."""
    found: dict[str, Secret] = {}
    while len(found) < count:
        value = f"{source.randrange(10**digits):0{digits}d}"
        if weakness(value, "01") is None:
            found[value] = Secret(value, value)
    return found


def main() -> None:
    """Print one row for each length."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--samples", type=int, default=500)
    parser.add_argument("--digits", type=int, nargs="*", default=LENGTHS)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    source = random.Random(arguments.seed)
    quiet = 1.0
    for digits in arguments.digits:
        known = passwords(digits, arguments.samples, source)
        findings = scan(arguments.folders, known.values()).findings
        alarms = {one.what for one in findings if one.what in known}
        hows = Counter(how for _, how in {(one.what, one.how) for one in findings if one.what in known})
        share = len(alarms) / len(known)
        quiet *= (1 - share) ** sum(1 for length in DIGITS.values() if length == digits)
        print(f"{digits} digits: {len(alarms)} of {len(known)} passwords would be an alarm ({share:.2%}) {dict(hows)}")
        for one in [one for one in findings if one.what in known][:8]:
            print(f"    {one}")
    print(f"a false alarm in {1 - quiet:.2%} of rigs")


if __name__ == "__main__":
    main()
