"""Runs a command on a pseudo-terminal of 80 columns and copies to stdout what the terminal shows.

    python3 terminal.py [--ctrl-c-at TEXT] COMMAND...

With --ctrl-c-at, Ctrl-C is typed once TEXT has been shown. Exits as the command does.
"""

import fcntl
import os
import pty
import struct
import sys
import termios


def main() -> int:
    words = sys.argv[1:]
    wanted = None
    if words[0] == "--ctrl-c-at":
        wanted = words[1].encode()
        words = words[2:]
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(words[0], words)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    shown = b""
    while chunk := read(terminal):
        shown += chunk
        os.write(1, chunk)
        if wanted is not None and wanted in shown:
            os.write(terminal, b"\x03")
            wanted = None
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the last process has left the terminal.
        return b""


sys.exit(main())
