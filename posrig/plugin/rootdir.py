"""pytest's root folder, found without the values of posrig's options.

pytest looks for its root folder before plug-ins are loaded. It does not know ``--rig`` yet, takes the rig file for a
test path, and moves its root to a parent of both: the lab's settings are lost, and every scenario gets another id.
"""

from __future__ import annotations

import argparse
import copy

import pytest
from _pytest.config.findpaths import determine_setup


def settle(config: pytest.Config, parser: pytest.Parser, args: list[str]) -> None:
    """Parse the arguments again, now that the options are known, and set root folder and settings by the paths alone.

    Changes ``args`` where the settings that are found now hold ``addopts``.
    """
    known = _parsed(config, parser, args)
    rootpath, inipath, inicfg, ignored = determine_setup(
        inifile=known.inifilename,
        override_ini=known.override_ini,
        args=known.file_or_dir,
        rootdir_cmd_arg=known.rootdir or None,
        invocation_dir=config.invocation_params.dir,
    )
    if (rootpath, inipath) != (config.rootpath, config.inipath):
        config._rootpath, config._inipath = rootpath, inipath
        config._inicfg, config._ignored_config_files = inicfg, ignored
        config._inicache.clear()
        args[:] = config._validate_args(config.getini("addopts"), "via addopts config") + args
        known = _parsed(config, parser, args)
        known.confcutdir = str(rootpath if inipath is None else inipath.parent)
    else:
        known.confcutdir = config.known_args_namespace.confcutdir
    config.known_args_namespace = known


def _parsed(config: pytest.Config, parser: pytest.Parser, args: list[str]) -> argparse.Namespace:
    return parser.parse_known_args(args, namespace=copy.copy(config.option))
