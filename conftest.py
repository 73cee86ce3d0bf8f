"""What only this lab needs beside posrig's plug-in: its own fixtures. Its sentences in steps/ are found by
themselves."""

pytest_plugins = ["fixtures.world"]
