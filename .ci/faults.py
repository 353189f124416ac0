"""Looks at faults from outside. Called by .ci/faults.

Starts the service with one server for each case, captures all their packets, and runs all cases at once. A case is a
generator: it calls its server, yields its own port, gets the packets of that port, and yields nothing more. It tells
what it has found by check().
"""

import collections
import concurrent.futures
import contextlib
import json
import os
import re
import select
import socket
import ssl
import subprocess
import sys
import time

TRANSPORT, WORK, *COMMAND = sys.argv[1:]
PATIENCE = 20
# How much earlier than its time a packet may be: clocks of the kernel and of the JVM have different grains
GRAIN = 0.002

TCP = {
    "reset": {"faults": {"f": {"type": "reset", "after-bytes": "10000B"}}},
    "reset-unread": {"faults": {"f": {"type": "reset", "after-bytes": "10000B"}}},
    "reset-tls": {"tls": True, "faults": {"f": {"type": "reset", "after-bytes": "10000B"}}},
    "reset-proxy": {"proxy-protocol": True, "faults": {"f": {"type": "reset", "after-bytes": "10000B"}}},
    "reset-proxy-tls": {"proxy-protocol": True, "tls": True, "faults": {"f": {"type": "reset", "after-bytes": "10000B"}}},
    "reset-half-closed": {"faults": {"f": {"type": "reset", "after-bytes": "10000B"}}},
    "reset-inbound": {"proxy-protocol": True, "faults": {"f": {"type": "reset", "after-bytes": "100B", "direction": "inbound"}}},
    "close": {"faults": {"f": {"type": "close", "after-bytes": "1000B"}}},
    "close-tls": {"tls": True, "faults": {"f": {"type": "close", "after-bytes": "5000B"}}},
    "delay": {"faults": {"f": {"type": "delay", "delay": "200ms"}}},
    "delay-tls": {"tls": True, "faults": {"f": {"type": "delay", "delay": "100ms"}}},
    "slice": {"faults": {"f": {"type": "slice", "size": "100B", "delay": "5ms"}}},
    "stall": {"faults": {"f": {"type": "stall", "after-bytes": "5B"}}},
    "stall-openssl": {"tls": True, "faults": {"f": {"type": "stall", "after-bytes": "5000B"}}},
    "slow-close": {"faults": {"f": {"type": "slow-close", "delay": "500ms"}}},
    "bandwidth": {"faults": {"f": {"type": "bandwidth", "rate": "100KB"}}},
    "bandwidth-server": {"faults": {"f": {"type": "bandwidth", "rate": "100KB", "scope": "server"}}},
    "corrupt": {"faults": {"f": {"type": "corrupt", "bytes": 3}}},
    "flaky": {"faults": {"f": {"type": "reset", "first": 2}}},
    "every-message": {"framing": "line", "tls": True, "faults": {"f": {"type": "delay", "delay": "200ms", "every": 2, "unit": "message"}}},
}
UDP = {
    "drop": {"faults": {"loss": {"type": "drop", "probability": 0.3, "seed": 42}}},
    "drop-nping": {"faults": {"loss": {"type": "drop", "every": 4}}},
    "duplicate": {"faults": {"f": {"type": "duplicate", "every": 5, "count": 2}}},
    "reorder": {"faults": {"f": {"type": "reorder", "every": 10}}},
    "late": {"faults": {"f": {"type": "delay", "delay": "100ms"}}},
    "changed": {"faults": {"f": {"type": "corrupt", "bytes": 2}}},
}

passed = 0


def check(what, wanted, found):
    global passed
    if wanted != found:
        raise AssertionError("%s: expected %r, got %r" % (what, wanted, found))
    passed += 1
    print("ok: %s, %s" % (TRANSPORT, what), flush=True)


def check_true(what, found, details=""):
    check(what + (" (%s)" % details if details else ""), True, bool(found))


# The service and its packets

def warnings(log):
    """The servers with a WARN line, which may come after the service has started."""
    for _ in range(50):
        found = re.findall(r"WARN .*Server '(\S+)'.*\n", open(log).read())
        if len(found) >= len(TCP) + len(UDP):
            break
        time.sleep(0.1)
    return found


def configuration():
    servers = {"tcp": {name: {"enabled": False} for name in ("stream", "line", "message", "collect")},
               "udp": {"datagram": {"enabled": False}}}
    for transport, cases in (("tcp", TCP), ("udp", UDP)):
        for name, case in cases.items():
            server = {"port": 0, **case}
            if server.pop("tls", False):
                server["ssl"] = {"bundle": "ci"}
            servers[transport][name] = server
    bundle = {"keystore": {"certificate": WORK + "/tls.crt", "private-key": WORK + "/tls.key"}}
    # Connections that a fault stalls stay open until the end of the phase
    spring = {"ssl": {"bundle": {"pem": {"ci": bundle}}}, "lifecycle": {"timeout-per-shutdown-phase": "3s"}}
    return {"server": {"port": 0}, "spring": spring,
            "echo": {"transport": TRANSPORT, **{t: {"servers": s} for t, s in servers.items()}}}


@contextlib.contextmanager
def running(command, log, ready):
    """A process that has written what shows that it is ready."""
    with open(log, "w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + 120
        while ready not in open(log).read():
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError("%s did not start:\n%s" % (command[0], open(log).read()[-3000:]))
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait(60)


Packet = collections.namedtuple("Packet", "time out start length fin rst")


def packets(capture, servers):
    """The packets by the caller's port. out: from the server. start: of the payload, 1 is the first byte."""
    fields = ["frame.time_epoch", "tcp.srcport", "tcp.dstport", "tcp.seq", "tcp.len", "tcp.flags.fin", "tcp.flags.reset"]
    command = ["tshark", "-n", "-r", capture, "-Y", "tcp", "-T", "fields"] + [word for field in fields for word in ("-e", field)]
    lines = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    result = collections.defaultdict(list)
    for line in lines:
        moment, source, target, start, length, fin, rst = line.split("\t")
        out = int(source) in servers
        result[int(target if out else source)].append(
            Packet(float(moment), out, int(start), int(length), fin in ("1", "True"), rst in ("1", "True")))
    return result


def sent(packets):
    """How many different bytes the server has sent."""
    return max((packet.start + packet.length - 1 for packet in packets if packet.out and packet.length), default=0)


def check_reset(name, found, payload):
    check(name + ": the server sends so many bytes", payload, sent(found))
    check_true(name + ": and RST", any(packet.out and packet.rst for packet in found))
    check_true(name + ": and no FIN", not any(packet.out and packet.fin for packet in found))
    check_true(name + ": RST is the last that it sends", [packet.rst for packet in found if packet.out][-1])


def check_closed(name, found, payload):
    check(name + ": the server sends so many bytes", payload, sent(found))
    check(name + ": FIN comes right after them", payload + 1,
          next((packet.start + packet.length for packet in found if packet.out and packet.fin), 0))
    check_true(name + ": and no RST", not any(packet.out and packet.rst for packet in found))


def payloads(found):
    return [packet for packet in found if packet.out and packet.length]


# Callers

def connect(name, port):
    client = socket.create_connection(("127.0.0.1", port), PATIENCE)
    if TCP[name].get("proxy-protocol"):
        client.sendall(b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n")
    if TCP[name].get("tls"):
        context = ssl.create_default_context(cafile=WORK + "/tls.crt")
        context.check_hostname = False
        client = context.wrap_socket(client, suppress_ragged_eofs=False)
    return client


def read(client, stop_at=None, was_reset=False):
    """Everything until the end, and how that came: fin, reset, timeout, or full for as many bytes as asked for. With TLS,
    an end in the middle is cut, with FIN and with RST: python does not always tell which. was_reset: send() saw it."""
    answer = b""
    try:
        while stop_at is None or len(answer) < stop_at:
            part = client.recv(65536)
            if not part:
                return answer, "reset" if was_reset else "fin"
            answer += part
        return answer, "full"
    except (ConnectionResetError, BrokenPipeError):
        return answer, "cut" if isinstance(client, ssl.SSLSocket) else "reset"
    except ssl.SSLEOFError:
        return answer, "cut"
    except (TimeoutError, ssl.SSLError) as error:
        return answer, "timeout" if "timed out" in str(error) else str(error)


def send(client, data):
    """Sends what the server takes before it resets the connection. True if the reset came meanwhile: the kernel tells it
    once only, and a read after that looks like FIN."""
    try:
        client.sendall(data)
        return False
    except ConnectionResetError:
        return True
    except OSError:
        return False


def local_port(client):
    return client.getsockname()[1]


def pattern(length):
    return bytes(i % 251 for i in range(length))


def reset(name, port, length, half_closed=False):
    with connect(name, port) as client:
        mine = local_port(client)
        data = pattern(length)
        was_reset = send(client, data)
        if half_closed and not was_reset:
            client.shutdown(socket.SHUT_WR)
        answer, end = read(client, was_reset=was_reset)
    found = yield mine
    check(name + ": the caller sees", "cut" if TCP[name].get("tls") else "reset", end)
    check_true(name + ": bytes are those that it sent", data.startswith(answer), len(answer))
    check_reset(name, found, 10000)


def reset_inbound(name, port):
    with connect(name, port) as client:
        mine = local_port(client)
        was_reset = send(client, pattern(5000))
        answer, end = read(client, was_reset=was_reset)
    found = yield mine
    check(name + ": the caller sees", "reset", end)
    check_true(name + ": at most the first 100 bytes came through", sent(found) <= 100, sent(found))
    check_true(name + ": RST, no FIN", any(p.out and p.rst for p in found) and not any(p.out and p.fin for p in found))


def close(name, port, payload):
    with connect(name, port) as client:
        mine = local_port(client)
        send(client, pattern(50000))
        answer, end = read(client)
        # It goes on sending to the server that has closed
        if not TCP[name].get("tls"):
            for _ in range(10):
                client.sendall(b"more")
                time.sleep(0.05)
    found = yield mine
    check(name + ": the caller sees", "cut" if TCP[name].get("tls") else "fin", end)
    check_closed(name, found, payload)


def delay(name, port, seconds):
    with connect(name, port) as client:
        mine = local_port(client)
        client.sendall(b"hello")
        answer, _ = read(client, 5)
    found = yield mine
    check(name + ": the answer", b"hello", answer)
    asked = [packet for packet in found if not packet.out and packet.length]
    answers = payloads(found)
    if TCP[name].get("tls"):
        late = answers[0].time - asked[0].time
        check_true(name + ": the handshake's first answer is late, too", late >= seconds - GRAIN, "%.1f ms" % (1000 * late))
    else:
        late = answers[0].time - asked[-1].time
        check_true(name + ": the answer is late", seconds - GRAIN <= late < seconds + 5, "%.1f ms" % (1000 * late))


def slice_(name, port):
    with connect(name, port) as client:
        mine = local_port(client)
        client.sendall(pattern(1050))
        answer, _ = read(client, 1050)
    found = yield mine
    check(name + ": the answer", pattern(1050), answer)
    answers = payloads(found)
    check(name + ": segments", [100] * 10 + [50], [packet.length for packet in answers])
    gaps = [late.time - early.time for early, late in zip(answers, answers[1:])]
    check_true(name + ": segments are 5 ms apart", min(gaps) >= 0.005 - GRAIN, "%.1f to %.1f ms" % (1000 * min(gaps), 1000 * max(gaps)))


def stall(name, port):
    with connect(name, port) as client:
        mine = local_port(client)
        client.sendall(b"hello, world")
        client.settimeout(1.5)
        answer, end = read(client)
        still_open = client.send(b"more") == 4
    found = yield mine
    check(name + ": the caller reads 5 bytes, and then", (b"hello", "timeout"), (answer, end))
    check_true(name + ": the connection is still open", still_open)
    check_true(name + ": neither FIN nor RST from the server before the caller's end",
               not any(p.out and (p.fin or p.rst) for p in found[:next(i for i, p in enumerate(found) if not p.out and p.fin)]))


def stall_openssl(name, port):
    command = "(head -c 20000 /dev/zero; sleep 3) | timeout 3 openssl s_client -quiet -connect 127.0.0.1:%d | wc -c" % port
    done = subprocess.run(["bash", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    yield None
    check_true(name + ": openssl waits for the rest of the records", int(done.stdout) < 5000, done.stdout.strip())


def slow_close(name, port):
    with connect(name, port) as client:
        mine = local_port(client)
        client.sendall(b"hello")
        client.shutdown(socket.SHUT_WR)
        answer, end = read(client)
    found = yield mine
    check(name + ": the caller sees", (b"hello", "fin"), (answer, end))
    late = next(packet for packet in found if packet.out and packet.fin).time - payloads(found)[-1].time
    check_true(name + ": FIN is late, but not the bytes", 0.5 - GRAIN <= late < 5, "%.1f ms" % (1000 * late))


def bandwidth(name, port, connections):
    length = 150 * 1024 // connections
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(connect(name, port)) for _ in range(connections)]
        ports = [local_port(client) for client in clients]
        for client in clients:
            client.sendall(pattern(length))
        answers = [read(client, length)[0] for client in clients]
    found = []
    for mine in ports:
        found += yield mine
    check_true(name + ": the answers", all(answer == pattern(length) for answer in answers))
    answers = sorted(payloads(found))
    # Packets may leave some ms after the service has decided that they may
    window, slack, rate = 0.25, 0.05, 100 * 1024
    most = max(sum(p.length for p in answers if first.time <= p.time < first.time + window) for first in answers)
    check_true(name + ": never faster than the rate for 250 ms", most <= rate * (window + slack), "%d bytes" % most)
    took = answers[-1].time - answers[0].time
    check_true(name + ": 150 KB take 1.5 s", 1.4 <= took < 5, "%.2f s" % took)


def corrupt(name, port):
    with connect(name, port) as client:
        mine = local_port(client)
        client.sendall(pattern(1000))
        answer, _ = read(client, 1000)
    yield mine
    changed = sum(a != b for a, b in zip(answer, pattern(1000)))
    # Of each read: the kernel may hand the 1000 bytes over in one piece or more
    check_true(name + ": bytes are changed by threes, none comes or goes", len(answer) == 1000 and changed in (3, 6, 9), changed)


def flaky(name, port):
    ends, ports = [], []
    for _ in range(3):
        with socket.socket() as client:
            client.settimeout(PATIENCE)
            client.bind(("127.0.0.1", 0))
            ports.append(local_port(client))
            try:
                client.connect(("127.0.0.1", port))
            except ConnectionResetError:  # A reset after 0 bytes can be faster than connect()
                ends.append((b"", "reset"))
                continue
            was_reset = send(client, b"hello")
            ends.append(read(client, 5, was_reset))
    found = []
    for mine in ports:
        found.append((yield mine))
    check(name + ": it fails twice and then works", [(b"", "reset"), (b"", "reset"), (b"hello", "full")], ends)
    for i in (0, 1):
        check_reset("%s %d" % (name, i), found[i], 0)


def message(name, port):
    times = []
    with connect(name, port) as client:
        mine = local_port(client)
        for _ in range(8):
            begun = time.monotonic()
            client.sendall(b"hello\n")
            assert read(client, 6)[0] == b"hello\n"
            times.append(time.monotonic() - begun)
    yield mine
    # The first one may be slow for other reasons
    check_true(name + ": every second message in TLS is late", min(times[1::2]) >= 0.2 - GRAIN > sorted(times[::2])[1],
               " ".join("%.0f ms" % (1000 * t) for t in times))


# Datagrams

def call(port, count, gap=0.001, patience=1.5):
    """Sends numbered datagrams and returns (number, datagram, seconds after it was sent), as they come."""
    came, times = [], {}
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        client.connect(("127.0.0.1", port))
        for number in range(count):
            times[number] = time.monotonic()
            client.send(b"%04d" % number + bytes(60))
            if gap:
                receive(client, came, gap)
        receive(client, came, patience)
    return [(int(datagram[:4]), datagram, moment - times.get(int(datagram[:4]), 0)) if datagram[:4].isdigit() else (None, datagram, 0)
            for datagram, moment in came]


def receive(client, came, seconds):
    end = time.monotonic() + seconds
    while select.select([client], [], [], max(0, end - time.monotonic()))[0]:
        came.append((client.recv(65536), time.monotonic()))


def mix(value):
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 % 2**64
    value = (value ^ value >> 27) * 0x94D049BB133111EB % 2**64
    return value ^ value >> 31


def drawn(seed, name, probability, count):
    """Which of the first units a fault is drawn for: the generator as docs/faults.md has it."""
    fnv = 0xCBF29CE484222325
    for byte in name.encode():
        fnv = (fnv ^ byte) * 0x100000001B3 % 2**64
    base, gamma = mix(seed % 2**64) ^ fnv, 0x9E3779B97F4A7C15
    return [n for n in range(count) if (mix((mix((base + n * gamma) % 2**64) + gamma) % 2**64) >> 11) * 2.0**-53 < probability]


def drop(name, port):
    came = call(port, 500)
    yield None
    lost = sorted(set(range(500)) - {number for number, _, _ in came})
    check(name + ": the lost datagrams are those that the documented generator draws", drawn(42, "loss", 0.3, 500), lost)


def drop_nping(name, port):
    command = ["nping", "--unprivileged", "--udp", "-p", str(port), "-c", "100", "--delay", "10ms", "--data-string", "abc", "127.0.0.1"]
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout
    yield None
    check(name + ": nping", ["100", "75", "25"], re.findall(r"sent: (\d+) \| Rcvd: (\d+) \| Lost: (\d+)", output)[0:1] and
          list(re.findall(r"sent: (\d+) \| Rcvd: (\d+) \| Lost: (\d+)", output)[0]))


def duplicate(name, port):
    counts = collections.Counter(number for number, _, _ in call(port, 100))
    yield None
    check(name + ": every fifth comes three times", [3 if n % 5 == 4 else 1 for n in range(100)], [counts[n] for n in range(100)])


def reorder(name, port):
    # All at once: a datagram waits for the next one 100 ms at most
    numbers = [number for number, _, _ in call(port, 100, gap=0)]
    yield None
    wanted = list(range(100))
    for n in range(9, 99, 10):
        wanted[n], wanted[n + 1] = wanted[n + 1], wanted[n]
    check(name + ": every tenth is overtaken by the next one", wanted, numbers)


def late(name, port):
    came = call(port, 100)
    yield None
    check(name + ": none is lost", 100, len(came))
    check_true(name + ": all are late", min(delay for _, _, delay in came) >= 0.1 - GRAIN, "%.1f ms" % (1000 * min(d for _, _, d in came)))


def changed(name, port):
    wanted = bytes(64)
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        client.settimeout(PATIENCE)
        client.connect(("127.0.0.1", port))
        answers = []
        for _ in range(50):
            client.send(wanted)
            answers.append(client.recv(65536))
    yield None
    check(name + ": two bytes of each are changed", [(64, 2)] * 50, [(len(a), sum(map(bool, a))) for a in answers])


CASES = {
    "reset": lambda n, p: reset(n, p, 10000),
    "reset-unread": lambda n, p: reset(n, p, 3000000),
    "reset-tls": lambda n, p: reset(n, p, 50000),
    "reset-proxy": lambda n, p: reset(n, p, 10000),
    "reset-proxy-tls": lambda n, p: reset(n, p, 50000),
    "reset-half-closed": lambda n, p: reset(n, p, 15000, half_closed=True),
    "reset-inbound": reset_inbound,
    "close": lambda n, p: close(n, p, 1000),
    "close-tls": lambda n, p: close(n, p, 5000),
    "delay": lambda n, p: delay(n, p, 0.2),
    "delay-tls": lambda n, p: delay(n, p, 0.1),
    "slice": slice_,
    "stall": stall,
    "stall-openssl": stall_openssl,
    "slow-close": slow_close,
    "bandwidth": lambda n, p: bandwidth(n, p, 1),
    "bandwidth-server": lambda n, p: bandwidth(n, p, 2),
    "corrupt": corrupt,
    "flaky": flaky,
    "every-message": message,
    "drop": drop,
    "drop-nping": drop_nping,
    "duplicate": duplicate,
    "reorder": reorder,
    "late": late,
    "changed": changed,
}


def main():
    config = os.path.join(WORK, TRANSPORT + ".yml")
    with open(config, "w") as file:
        json.dump(configuration(), file)
    log, capture = os.path.join(WORK, TRANSPORT + ".log"), os.path.join(WORK, TRANSPORT + ".pcap")
    with running(COMMAND + ["--spring.config.additional-location=file:" + config], log, "Started SocketEchoApplication"):
        text = open(log).read()
        ports = {name: int(port) for name, port in re.findall(r"Server '(\S+)' listens: \w+, address \S+, port (\d+),", text)}
        check("each server with faults warns", sorted([*TCP, *UDP]), sorted(warnings(log)))
        rule = "tcp and (%s)" % " or ".join("port %d" % ports[name] for name in TCP)
        with running(["tcpdump", "-i", "lo", "-n", "-Z", "root", "-s", "128", "-B", "32768", "--immediate-mode", "-w", capture, rule],
                     capture + ".log", "listening on"):
            cases = {name: case(name, ports[name]) for name, case in CASES.items()}
            with concurrent.futures.ThreadPoolExecutor(len(cases)) as executor:
                called = {name: executor.submit(next, case) for name, case in cases.items()}
            time.sleep(0.5)
    found = packets(capture, set(ports.values()))
    failed = 0
    for name, case in cases.items():
        port = None
        try:
            port = called[name].result()
            with contextlib.suppress(StopIteration):
                while True:
                    port = case.send(found[port])
        except (AssertionError, OSError) as error:
            failed += 1
            print("FAILED: %s, %s: %r" % (TRANSPORT, name, error), file=sys.stderr)
            for packet in found[port][-12:]:
                print("  %s" % (packet,), file=sys.stderr)
    if failed:
        sys.exit("FAILED: %d cases; the service's log ends in\n%s" % (failed, open(log).read()[-1500:]))
    print("%s: %d passed, 0 failed" % (TRANSPORT, passed))


main()
