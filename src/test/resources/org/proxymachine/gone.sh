# A network of two hosts, to be run by unshare(1). The daemon that is given as the arguments runs on the near one; then the
# far one vanishes, with three clients (unrouted, spliced, half-closed) and the backend of a near client on it; and the
# daemon is told to drain.
set -e
ip link set lo up
unshare -n sleep 600 &
far=$!
trap 'kill $far $(jobs -p) 2> /dev/null' EXIT
# Until it has left this namespace: before, the far end would stay here.
until [ "$(readlink /proc/$far/ns/net)" != "$(readlink /proc/$$/ns/net)" ]; do :; done
until ip link add near type veth peer name far netns $far 2> /dev/null; do :; done
ip addr add 10.9.0.1/24 dev near
ip link set near up
nsenter -t $far -n sh -c 'ip link set lo up; ip addr add 10.9.0.2/24 dev far; ip link set far up'

"$@" &
daemon=$!
peer() { # PORT CODE: a peer that says when it is ready, and stays.
  "${@:1:$#-1}" python3 -c "
import signal, socket
def client(said):
    while True:
        try:
            connection = socket.create_connection(('10.9.0.1', 5432))
            connection.sendall(said)
            return connection
        except ConnectionRefusedError:
            pass
${*: -1}
print('ready', flush=True)
signal.pause()" > >(tee -a ready) &
}
: > ready
peer env "near = socket.create_server(('127.0.0.1', 7777))
backends = [near.accept()[0], near.accept()[0]]
# The byte of each, and then the end of one.
import select
ended = False
while not ended:
    ended = any(b'' == each.recv(10) for each in select.select(backends, [], [])[0])"
peer nsenter -t $far -n "held = [client(b''), client(b'n'), client(b'n')]
held[2].shutdown(socket.SHUT_WR)"
peer nsenter -t $far -n "far = socket.create_server(('10.9.0.2', 7777))
held = far.accept()[0]
held.recv(10)"
peer env "held = client(b'f')"
until [ "$(wc -l < ready)" = 4 ]; do sleep 0.1; done
ip link set near down
echo "the far host is gone"
kill -QUIT $daemon
wait $daemon
echo "the drain is over"
