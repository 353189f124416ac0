"""Restarts the service under 64 clients that connect, call, and close, without a pause between.

held:       this process holds the listening socket, as a service manager does, and hands it to one
            service after the other. Between them nobody accepts for seconds.
datagrams:  the same with a UDP socket.
reuse-port: the second service listens beside the first before that one gets SIGTERM.

Prints how the calls went. Fails if one was refused, reset, unanswered or lost in the first two; in the
third, where the kernel may lose some, if one in a thousand was.
"""

import collections
import errno
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

CLIENTS = 64
RESTARTS = int(os.environ.get("RESTARTS", "3"))
SECONDS = 3
PATIENCE = 60
FIRST_DESCRIPTOR = 3


class Service:
    """One process of the service."""

    def __init__(self, command, arguments, descriptor=None):
        self.log = tempfile.TemporaryFile("w+")
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.dup2(self.log.fileno(), 1)
                os.dup2(self.log.fileno(), 2)
                if descriptor is not None:
                    if descriptor == FIRST_DESCRIPTOR:
                        os.set_inheritable(descriptor, True)
                    else:
                        os.dup2(descriptor, FIRST_DESCRIPTOR)
                    os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()), LISTEN_FDNAMES="held")
                os.execvp(command[0], command + arguments)
            finally:
                os._exit(127)

    def output(self):
        self.log.seek(0)
        return self.log.read()

    def wait_until_started(self):
        deadline = time.monotonic() + PATIENCE
        while "Started SocketEchoApplication" not in self.output():
            if os.waitpid(self.pid, os.WNOHANG) != (0, 0) or time.monotonic() > deadline:
                self.pid = None
                raise SystemExit("the service did not start:\n" + self.output()[-3000:])
            time.sleep(0.1)

    def terminate(self):
        if self.pid:
            os.kill(self.pid, signal.SIGTERM)

    def wait(self):
        if self.pid:
            os.waitpid(self.pid, 0)
            self.pid = None


class Clients:
    """Threads that call again and again. What came of it is counted by outcome."""

    def __init__(self, call, port):
        self.outcomes = collections.Counter()
        self.slowest = 0.0
        self.lock = threading.Lock()
        self.stopping = False
        self.threads = [threading.Thread(target=self.run, args=(call, port, i)) for i in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def run(self, call, port, number):
        sequence = 0
        while not self.stopping:
            message = b"%d-%d\n" % (number, sequence)
            sequence += 1
            begun = time.monotonic()
            outcome = call("127.0.1.%d" % (number + 1), port, message)
            took = time.monotonic() - begun
            with self.lock:
                self.outcomes[outcome] += 1
                self.slowest = max(self.slowest, took)

    def stop(self):
        self.stopping = True
        for thread in self.threads:
            thread.join()


def call_tcp(source, port, message):
    connected = False
    try:
        with socket.socket() as client:
            client.settimeout(PATIENCE)
            client.bind((source, 0))
            client.connect(("127.0.0.1", port))
            connected = True
            client.sendall(message)
            answer = b""
            while len(answer) < len(message):
                part = client.recv(4096)
                if not part:
                    return "unanswered"
                answer += part
            return "answered" if answer == message else "wrong"
    except ConnectionRefusedError:
        return "refused"
    except (ConnectionResetError, BrokenPipeError):
        return "reset" if connected else "refused"
    except TimeoutError:
        return "timed out"


def call_udp(source, port, message):
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        client.settimeout(PATIENCE / 3)
        client.bind((source, 0))
        client.connect(("127.0.0.1", port))
        try:
            client.send(message)
            answer = client.recv(65536)
            return "answered" if answer == message else "wrong"
        except ConnectionRefusedError:
            return "refused"
        except TimeoutError:
            return "lost"


def bind_free_port(server):
    """Binds below the ports that the kernel gives to clients: a UDP server never answers its own port."""
    while True:
        try:
            server.bind(("127.0.0.1", random.randrange(20000, 30000)))
            return server.getsockname()[1]
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise


def free_port(kind):
    with socket.socket(type=kind) as probe:
        return bind_free_port(probe)


def others(transport):
    servers = ["tcp.servers.stream", "tcp.servers.line", "tcp.servers.message", "tcp.servers.collect",
               "udp.servers.datagram"]
    return ["--server.port=0"] + ["--echo.%s.enabled=false" % server for server in servers] + \
        ["--echo.%s.servers.held.%s" % (transport, option) for option in os.environ.get("OPTIONS", "").split()]


def restart_held(command, transport):
    kind, call = (socket.SOCK_STREAM, call_tcp) if transport == "tcp" else (socket.SOCK_DGRAM, call_udp)
    with socket.socket(type=kind) as held:
        port = bind_free_port(held)
        if kind == socket.SOCK_STREAM:
            held.listen(1024)
        arguments = others(transport) + ["--echo.%s.servers.held.port=%d" % (transport, port)]
        return restart(lambda: Service(command, arguments, held.fileno()), call, port, False)


def restart_reuse_port(command):
    port = free_port(socket.SOCK_STREAM)
    arguments = others("tcp") + ["--echo.tcp.servers.held.port=%d" % port,
                                 "--echo.tcp.servers.held.options.reuse-port=true"]
    return restart(lambda: Service(command, arguments), call_tcp, port, True)


def restart(start, call, port, overlapping):
    services = [start()]
    try:
        services[0].wait_until_started()
        clients = Clients(call, port)
        try:
            time.sleep(SECONDS)
            for _ in range(RESTARTS):
                old = services[-1]
                if overlapping:
                    services.append(start())
                    services[-1].wait_until_started()
                    time.sleep(1)
                    old.terminate()
                    old.wait()
                else:
                    old.terminate()
                    old.wait()
                    services.append(start())
                    services[-1].wait_until_started()
                time.sleep(SECONDS)
        finally:
            clients.stop()
        if os.environ.get("VERBOSE"):
            for service in services:
                print([line for line in service.output().splitlines() if "Shutdown:" in line or "WARN" in line], file=sys.stderr)
        return clients
    finally:
        for service in services:
            service.terminate()
            service.wait()


def main():
    command = sys.argv[2:]
    scenarios = {
        "held": lambda: restart_held(command, "tcp"),
        "datagrams": lambda: restart_held(command, "udp"),
        "reuse-port": lambda: restart_reuse_port(command),
    }
    failed = False
    for name in sys.argv[1].split(","):
        clients = scenarios[name]()
        bad = sum(clients.outcomes.values()) - clients.outcomes["answered"]
        bound = sum(clients.outcomes.values()) // 1000 if name == "reuse-port" else 0
        failed = failed or bad > bound or clients.outcomes["answered"] == 0
        kinds = ["refused", "reset", "unanswered"] if name != "datagrams" else ["lost"]
        more = [kind for kind in clients.outcomes if kind not in kinds and kind != "answered"]
        print("%s: %d restarts, %d clients, %d calls answered, %s; slowest %.1f s" % (
            name, RESTARTS, CLIENTS, clients.outcomes["answered"],
            ", ".join("%d %s" % (clients.outcomes[kind], kind) for kind in kinds + more), clients.slowest))
    sys.exit(failed)


if __name__ == "__main__":
    main()
