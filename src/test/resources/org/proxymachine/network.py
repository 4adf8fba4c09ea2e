"""Stays in a network namespace of its own, given by unshare(1), for nsenter(1): loopback alone, and tcp_migrate_req on."""
import fcntl
import signal
import socket
import struct

SIOCSIFFLAGS, IFF_UP = 0x8914, 1
try:
    fcntl.ioctl(socket.socket(), SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
    # Since Linux 5.14.
    with open("/proc/sys/net/ipv4/tcp_migrate_req", "w") as setting:
        setting.write("1")
except OSError as problem:
    raise SystemExit(f"no network: {problem}")
print("ready", flush=True)
signal.pause()
