"""``posrig completion SHELL``: what to put into the shell's own file, so that Tab completes commands and options."""

from __future__ import annotations

import argparse

from argcomplete.shell_integration import shellcode

from posrig.ground.faults import ExitCode

SUMMARY = "print what makes Tab complete commands, options, rig files and keys"
EPILOG = """\
bash:  eval "$(posrig completion bash)"                     in ~/.bashrc
zsh:   eval "$(posrig completion zsh)"                      in ~/.zshrc, after compinit
fish:  posrig completion fish > ~/.config/fish/completions/posrig.fish"""
SHELLS = ("bash", "zsh", "fish")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=SHELLS, help="whose words")


def run(arguments: argparse.Namespace) -> int:
    print(shellcode(["posrig"], shell=arguments.shell))
    return ExitCode.HELD
