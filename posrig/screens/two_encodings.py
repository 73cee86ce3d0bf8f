"""A console of which it is not known whether it speaks UTF-8 or an older encoding: its own bytes say which.

Chinese terminals of one make speak UTF-8 in one firmware and GBK in the next. ``utf-8 or gbk`` begins with UTF-8; the
first bytes that are none (RFC 3629) decide for the other one, and what came until then is read anew.
"""

from __future__ import annotations

import codecs

from posrig.ground.faults import ConfigurationError
from posrig.screens.vt_text import known_encoding

_OR = " or "
_SURE = 32
"""So many bytes beyond ASCII that are UTF-8 are no accident: two of GBK's are by chance in about one pair of ten."""
_MOST = 64 * 1024


def of(encoding: str) -> tuple[str, str]:
    """The encoding to begin with, and the other one or an empty text.

    Raises ConfigurationError for a third one, and for a pair that does not begin with UTF-8, which alone can be told.

    >>> of("utf-8 or gbk"), of("gb18030")
    (('utf-8', 'gbk'), ('gb18030', ''))
    """
    first, _, other = encoding.partition(_OR)
    names = known_encoding(first.strip()), known_encoding(other.strip()) if other else ""
    if other and (names[0] != "utf-8" or names[1] == "utf-8"):
        raise ConfigurationError(
            f"{encoding!r} cannot be told apart",
            allowed="one encoding, or two of which UTF-8 is the first: utf-8 or gbk",
        )
    return names


class Undecided:
    """Looks at what comes in until it is decided."""

    def __init__(self) -> None:
        self._heard = b""
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
        self._beyond_ascii = 0
        self.decided = False

    def other_after(self, data: bytes) -> bytes | None:
        """None while all may be UTF-8; else everything that was heard, to be read in the other encoding."""
        self._heard += data
        try:
            text = self._utf8.decode(data)
        except UnicodeDecodeError:
            self.decided = True
            return self._heard
        self._beyond_ascii += len(text.encode()) - sum(char.isascii() for char in text)
        if self._beyond_ascii >= _SURE or len(self._heard) > _MOST:
            self.decided, self._heard = True, b""
        return None
