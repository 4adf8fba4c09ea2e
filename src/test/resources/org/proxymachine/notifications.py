"""Plays systemd's part in sd_notify(3): prints each message that comes to a socket, its lines joined by spaces."""
import socket
import sys

notifications = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notifications.bind(sys.argv[1])
print("bound", flush=True)
while True:
    # A descriptor that comes with BARRIER=1 is closed as there is no room for it: that is what the sender waits for.
    print(notifications.recv(65536).decode().strip().replace("\n", " "), flush=True)
