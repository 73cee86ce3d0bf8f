"""Records what real programs write to a terminal: tests/terminal/tmux/programs/NAME.ROWSxCOLUMNS.gz.

    apt-get install vim nano joe less mc htop procps dialog whiptail man-db git sl tmux w3m
    python -m benchmarks.console_programs          # all of them, or those named

Then ``python -m benchmarks.console_tmux programs``. They run in a folder made for it, in a process name space of their
own, so that no recording tells anything about the machine.
"""

from __future__ import annotations

import fcntl
import gzip
import os
import pty
import select
import shutil
import struct
import subprocess
import sys
import termios
import time
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = Path(__file__).parent.parent / "tests" / "terminal" / "tmux" / "programs"
DEMO = Path("/tmp/demo")
QUIET_S, AT_MOST_S, BYTES = 0.4, 6.0, 60_000
_CURSES = """
import curses, time
def main(screen):
    curses.curs_set(0)
    for n in range(8):
        screen.erase(); screen.box(); screen.addstr(1, 2, "终端 %d" % n); screen.hline(2, 1, "=", n)
        screen.addstr(3, 3, "ok", curses.A_REVERSE); screen.refresh()
    pad = screen.derwin(2, 10, 1, 4); pad.scrollok(True)
    for n in range(5): pad.addstr("\\nrow %d" % n); pad.refresh()
    screen.getch()
curses.wrapper(main)
"""

_PAGE = "<h1>终端</h1><p>" + "READY " * 60 + "<a href=x>link</a><table border=1><tr><td>a<td>b</table>"
_REST = "echo hi; tput rc; tput ich 3; tput el"


@dataclass(frozen=True)
class Program:
    """``keys`` (between bars) are typed one after the other, each when nothing more came for a while."""

    name: str
    command: str
    rows: int = 24
    columns: int = 80
    term: str = "xterm-256color"
    keys: str = ""


ALL = (
    Program("ls", "ls --color=always -lA --time-style=+ -o -g", 8, 21, "linux"),
    Program("git-log", "git log --graph --color=always --oneline --all; git diff --color HEAD~2", term="screen"),
    Program("less", "less -R text", 6, 20, "vt100", " |j|k|/row 7\r|G|g|q"),
    Program("less-wide", "less text", keys=" |u|/锁\r|n|G|q"),
    Program("vim", "vim -u NONE -N text", keys="dd|p|5Goabc\x1b|:set nu\r|G|ggJ|xxx|u|:q!\r"),
    Program("vi-small", "vim -u NONE -N text", 6, 20, "vt220", "ihello \x1b|j|dd|\x06|3P|:q!\r"),
    Program("nano", "nano text", keys="abc|\x1b[B|\x0b|\x15|\x17row 5\r|\x18|n"),
    Program("joe", "joe text", term="xterm", keys="abc|\x0bh|\x19|\x0bv|\x03|n"),
    Program("mc", "mc -b", term="xterm", keys="\x1b[B|\x1b[B|\t|\x1bOP|\x1b|\x1b|\x1b[21~|\r"),
    Program("mc-linux", "mc", term="linux", keys="\x1b[B|\x1b[A|\x1b[20~|\x1b|\x1b|\x1b[21~|\r"),
    Program("htop", "htop -d 5", term="xterm", keys="t|\x1b[B|\x1bOQ|\x1b|q"),
    Program("top", "top -d 1 -n 3", term="xterm", keys="1|q"),
    Program("top-b", "top -b -n1", 8, 21, "dumb"),
    Program("dialog", "dialog --menu 'Pick one' 15 40 5 1 READY 2 锁定 3 Locked", keys="\x1b[B|\t|\r"),
    Program("dialog-gauge", "for n in 10 50 90; do echo $n; done | dialog --gauge Update 8 40", term="vt100"),
    Program("whiptail", "whiptail --yesno 'Really? 确认' 10 40", term="linux", keys="\t|\r"),
    Program("man", "MANPAGER=less man -P less ls", 24, 80, "xterm", " | |b|q"),
    Program("watch", "watch -t -d -n 1 'seq 1 12'", 6, 20, "xterm", "||\x03"),
    Program("sl", "sl -e", term="xterm"),
    Program("sl-small", "sl", 8, 21, "vt100"),
    Program(
        "tmux",
        "tmux -f /dev/null -L inner new 'PS1=: exec bash --norc'",
        term="screen",
        keys='ls\r|\x02"|echo 锁定\r|\x02%|\x02[|q|exit\r|exit\r|exit\r',
    ),
    Program("bash", "PS1='$ ' bash --norc --noediting", 4, 16, "vt100", "echo 1234567890abcdef\r|ls\r|exit\r"),
    Program(
        "readline",
        "PS1='$ ' bash --norc",
        4,
        16,
        "xterm",
        "echo 0123456789abcdefghij|\x01|X|\x05|\x17|锁定终端锁定|\x1b[D|\x7f|\x15|\x04",
    ),
    Program("dd", "dd if=/dev/zero of=/dev/null bs=1M count=20000 status=progress", 4, 16, "vt100"),
    Program("curses", f"python3 -c '{_CURSES}'", 8, 21, "xterm", "x"),
    Program("curses-linux", f"python3 -c '{_CURSES}'", 6, 20, "linux", "x"),
    Program("w3m", "w3m page.html", term="xterm", keys="\t|J|K|q|y"),
    Program("tput", f"tput csr 1 3; tput cup 3 0; seq 1 5; tput sc; tput cup 0 4; {_REST}", 6, 20, "xterm"),
)


def record(program: Program) -> bytes:
    """What it wrote until it ended, or the first bytes."""
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(DEMO)
        env = {"TERM": program.term, "LC_ALL": "C.UTF-8", "HOME": str(DEMO), "PATH": os.environ["PATH"] + ":/usr/games"}
        time.sleep(0.2)  # until the window has its size
        os.execvpe(
            "unshare",
            ["unshare", "--fork", "--pid", "--uts", "--mount-proc", "sh", "-c", "hostname demo; " + program.command],
            env,
        )
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", program.rows, program.columns, 0, 0))
    out, keys, begin = b"", [key.encode() for key in program.keys.split("|")], time.monotonic()
    last = begin + 1.0
    try:
        while len(out) < BYTES:
            if select.select([fd], [], [], 0.05)[0]:
                out += os.read(fd, 65_536)
                last = time.monotonic()
            elif time.monotonic() - last > QUIET_S:
                if not keys:
                    if time.monotonic() - last > AT_MOST_S:
                        break
                    continue
                os.write(fd, keys.pop(0))
                last = time.monotonic()
    except OSError:
        pass  # the program ended
    os.close(fd)
    os.waitpid(pid, 0)
    return out[:BYTES]


def _demo() -> None:
    """The folder they run in."""
    shutil.rmtree(DEMO, ignore_errors=True)
    DEMO.mkdir()
    rows = [f"row {n} " + "锁定终端"[: n % 5] + " READY" * (n % 9) for n in range(60)]
    (DEMO / "text").write_text("\n".join(rows) + "\n", "utf-8")
    (DEMO / "page.html").write_text(
        "<h1>终端</h1><p>" + "READY " * 60 + "<a href=x>link</a><table border=1><tr><td>a<td>b</table>"
    )
    git = ["git", "-c", "user.name=Demo", "-c", "user.email=demo@example.org", "-C", str(DEMO)]
    dates = {**os.environ, "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z"}

    def run(*words: str) -> None:
        subprocess.run([*git, *words], check=True, capture_output=True, env=dates)

    run("init", "-q", "-b", "main")
    for number in range(4):
        (DEMO / f"file{number}").write_text(f"number {number}\n锁定\n")
        run("add", "-A")
        run("commit", "-qm", f"Change {number}: 锁定 the terminal")
        if number == 1:
            run("checkout", "-qb", "side", "HEAD~1")
            run("commit", "-q", "--allow-empty", "-m", "On the side")
            run("checkout", "-q", "main")
    run("merge", "-q", "side", "-m", "Merge side")


def main(names: list[str]) -> None:
    _demo()
    PROGRAMS.mkdir(parents=True, exist_ok=True)
    for program in ALL:
        if names and program.name not in names:
            continue
        data = record(program)
        path = PROGRAMS / f"{program.name}.{program.rows}x{program.columns}.gz"
        path.write_bytes(gzip.compress(data, mtime=0))
        print(f"{path.name}: {len(data)} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
