"""Plays systemd's part in sd_listen_fds(3): holds sockets, and runs a command with them as often as it is told.

activation.py RUNS UNIX-PATH COMMAND…: a socket of TCP and one at the path. GENERATION is A for the first run, then B.
"""
import os
import socket
import sys

runs, path, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
tcp = socket.socket()
tcp.bind(("127.0.0.1", 0))
unix = socket.socket(socket.AF_UNIX)
unix.bind(path)
for each in tcp, unix:
    each.listen(100)
print("held port", tcp.getsockname()[1], flush=True)
for run in range(runs):
    child = os.fork()
    if child == 0:
        # Above 4 first, lest one overwrites the other.
        copies = [os.dup2(each.fileno(), 20 + i) for i, each in enumerate((tcp, unix))]
        for i, copy in enumerate(copies):
            os.dup2(copy, 3 + i, inheritable=True)
        os.environ.update(LISTEN_FDS="2", LISTEN_PID=str(os.getpid()), GENERATION=chr(ord("A") + run))
        os.execv(command[0], command)
    print("run", run + 1, "pid", child, flush=True)
    print("run", run + 1, "ended with", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
