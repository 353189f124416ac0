"""Measures by STAMP (RFC 8762 and 8972). Called by .ci/stamp.

Packets are written and read here as the RFCs' figures have them, by struct; nothing is shared with the service.
"""

import contextlib
import hashlib
import hmac
import re
import socket
import statistics
import struct
import subprocess
import sys
import threading
import time
import urllib.request

SENDER_SPACE, SERVICE_SPACE, WORK, *COMMAND = sys.argv[1:]
HERE, THERE = "198.18.62.1", "198.18.62.2"
KEY = b"key of the test"
# RFC 8762, figures 2, 5, 4 and 6, with RFC 8972's session identifier
SENDER = struct.Struct("!IQHH28x")
REFLECTED = struct.Struct("!IQHHQIQHxxB3x")
SENDER_AUTH = struct.Struct("!I12xQHH68x")
REFLECTED_AUTH = struct.Struct("!I12xQHH4xQ8xI12xQH6xB15x")
SESSION = 0x1234
COUNT = 10_000
passed = 0


def check(what, found, details=""):
    global passed
    if not found:
        raise AssertionError("%s %s" % (what, details))
    passed += 1
    print("ok: %s%s" % (what, " (%s)" % details if details else ""), flush=True)


def ntp(nanos):
    seconds, rest = divmod(nanos, 10**9)
    return (seconds + 2_208_988_800) << 32 | (rest << 32) // 10**9


def nanos(timestamp):
    return ((timestamp >> 32) - 2_208_988_800) * 10**9 + ((timestamp & 0xffffffff) * 10**9 >> 32)


def mac(content):
    return hmac.new(KEY, content, hashlib.sha256).digest()[:16]


def tlv(kind, value):
    return struct.pack("!BBH", 0x80, kind, len(value)) + value


def udp(timeout=5.0):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((HERE, 0))
    sock.settimeout(timeout)
    return sock


def exchange(port, packet):
    with udp() as sock:
        sock.sendto(packet, (THERE, port))
        return sock.recv(65536)


# The service reflects

def unauthenticated(ports):
    for name in ("plain", "nio"):
        gaps, took = [], []
        sock = udp()
        for number in range(200):
            sent = time.time_ns()
            sock.sendto(SENDER.pack(number, ntp(sent), 0x4001, SESSION), (THERE, ports[name]))
            answer = sock.recv(65536)
            back = time.time_ns()
            seq, t3, estimate, session, t2, seq1, t1, estimate1, ttl = REFLECTED.unpack(answer)
            assert (seq, session, seq1, t1, estimate, estimate1) == (number, SESSION, number, ntp(sent), 1, 0x4001)
            assert sent - 10**6 <= nanos(t2) <= nanos(t3) <= back + 10**6, (sent, nanos(t2), nanos(t3), back)
            assert ttl == (64 if name == "plain" else 255), ttl
            gaps.append(nanos(t2) - sent)
            took.append(nanos(t3) - nanos(t2))
        check("%s: 200 answers have the fields of RFC 8762's figure 5" % name, True,
              "T2-T1 %.1f us, T3-T2 %.1f us, medians" % (statistics.median(gaps) / 1e3, statistics.median(took) / 1e3))
    check("14 bytes get 44", len(exchange(ports["plain"], bytes(14))) == 44)


def authenticated(ports):
    base = SENDER_AUTH.pack(7, ntp(time.time_ns()), 1, SESSION)
    tlvs = tlv(3, bytes(4)) + tlv(5, struct.pack("!III", 9, 0, 0))
    extended = base + mac(base) + tlvs + tlv(8, mac(base[:4] + tlvs)) + tlv(1, bytes(10))
    for packet in (base + mac(base), extended):
        answer = exchange(ports["secret"], packet)
        check("authenticated: %d bytes get as many" % len(packet), len(answer) == len(packet))
        check("authenticated: the HMAC is right", answer[96:112] == mac(answer[:96]))
        seq, t3, _, session, t2, seq1, _, _, ttl = REFLECTED_AUTH.unpack(answer[:96])
        check("authenticated: the fields of figure 6", (seq, session, seq1, ttl) == (7, SESSION, 7, 64) and t2 <= t3)
    end = 112 + len(tlvs)
    check("authenticated: the extensions' HMAC is right",
          answer[end:end + 4] == b"\0\x08\0\x10" and answer[end + 4:end + 20] == mac(answer[:4] + answer[112:end]))
    check("authenticated: the extensions are filled", answer[112:120].hex() == "0003000405020502"
          and answer[112 + 8:112 + 16].hex() == "0005000c00000009", answer[112:end].hex())
    answer = exchange(ports["secret"], extended[:120] + b"\1" + extended[121:])
    check("authenticated: a changed extension comes back with I", answer[112] & 0x20 and answer[120] & 0x20)


def extensions(ports):
    wanted = 46 << 26
    packet = SENDER.pack(1, 0, 1, SESSION) + tlv(4, struct.pack("!I", wanted)) + tlv(200, b"ab") + tlv(3, bytes(3))
    with udp() as sock:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, 10 << 2)
        sock.setsockopt(socket.IPPROTO_IP, 13, 1)  # IP_RECVTOS
        sock.sendto(packet, (THERE, ports["plain"]))
        answer, control, _, _ = sock.recvmsg(65536, 1024)
    check("class of service: as received, and the wish refused",
          answer[44:52] == struct.pack("!BBHI", 0, 4, 4, wanted | 10 << 20 | 1 << 16), answer[44:52].hex())
    check("class of service: the answer has the class of the packet", control[0][2][0] == 10 << 2, control)
    check("an unknown extension comes back with U, a malformed one with M", (answer[52], answer[58]) == (0x80, 0x40))


def directions(ports):
    """The heart of it: which way packets are lost."""
    rule = ["PREROUTING", "-p", "udp", "-m", "statistic", "--mode", "random", "--probability", "0.1", "-j", "DROP"]
    # Lost where it arrives: a datagram that is dropped where it is sent is an error there
    for way, space in (("forward", SERVICE_SPACE), ("backward", SENDER_SPACE)):
        command = ["ip", "netns", "exec", space, "iptables", "-w", "-t", "raw"]
        subprocess.run(command + ["-A"] + rule, check=True)
        sock = udp(0.5)
        answers = []

        def receive():
            with contextlib.suppress(socket.timeout):
                while True:
                    answer = sock.recv(2048)
                    answers.append((struct.unpack_from("!I", answer, 24)[0], struct.unpack_from("!I", answer)[0]))

        receiver = threading.Thread(target=receive)
        receiver.start()
        begin = time.monotonic()
        for number in range(COUNT):
            wait = begin + number / 1000 - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            sock.sendto(SENDER.pack(number, ntp(time.time_ns()), 1, SESSION), (THERE, ports["stateful"]))
        receiver.join()
        sock.close()
        subprocess.run(command + ["-D"] + rule, check=True)
        sent, arrived = max(s for s, _ in answers) + 1, max(r for _, r in answers) + 1
        lost = {"forward": sent - arrived, "backward": arrived - len(answers)}
        # 10 % of 10,000: the standard deviation is 30
        check("%d packets at 1 ms, 10 %% lost %s: the reflector's numbers tell" % (COUNT, way),
              850 <= lost[way] <= 1150 and sum(lost.values()) == lost[way], lost)


def scapy_sends(ports):
    from scapy.contrib.stamp import (ErrorEstimate, STAMPSessionReflectorTestUnauthenticated,
                                     STAMPSessionSenderTestUnauthenticated, STAMPTestTLV)
    from scapy.layers.inet import UDP
    request = STAMPSessionSenderTestUnauthenticated(
        seq=5, ts=time.time(), ssid=77, err_estimate=ErrorEstimate(S=0, Z=0),
        tlv_objects=[STAMPTestTLV(flags=0x80, type=1, len=4, value=b"abcd")])
    answer = exchange(ports["plain"], bytes(request))
    read = STAMPSessionReflectorTestUnauthenticated(answer, _parent=UDP(len=8 + len(answer)))
    check("scapy's sender gets an answer that scapy reads",
          (read.seq, read.seq_sender, read.ssid, read.ttl_sender, read.err_estimate.S) == (5, 5, 77, 64, 0))
    check("scapy's padding comes back", (int(read.tlv_objects[0].flags), read.tlv_objects[0].value) == (0, b"abcd"))
    return answer


def tshark_reads(answer):
    capture = WORK + "/answer.pcap"
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 28 + len(answer), 0, 0, 64, 17, 0, socket.inet_aton(THERE), socket.inet_aton(HERE))
    frame = ip + struct.pack("!HHHH", 862, 40000, 8 + len(answer), 0) + answer
    with open(capture, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
        file.write(struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame)
    fields = ["seq_number", "sender_seq_number", "sender_ttl", "error_estimate.s", "error_estimate.z"]
    command = ["tshark", "-n", "-r", capture, "-d", "udp.port==862,twamp.test", "-T", "fields"]
    out = subprocess.run(command + [word for field in fields for word in ("-e", "twamp.test." + field)],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=True).stdout
    check("tshark's dissector reads the answer", out.strip().split("\t")[:3] == ["5", "5", "64"], out.strip())


# The service sends

class Reflector(threading.Thread):
    """A reflector that loses every 10th packet on its way here and every 7th of its answers.

    It is stateful, or it is stateless and fills the Direct Measurement TLV, which is the first one.
    """

    def __init__(self, key, direct=False):
        super().__init__(daemon=True)
        self.sock, self.key, self.direct = udp(None), key, direct
        self.port = self.sock.getsockname()[1]

    def run(self):
        number = count = 0
        while True:
            packet, source = self.sock.recvfrom(65536)
            received = time.time_ns()
            count += 1
            if count % 10 == 0:
                continue
            number += 1
            if number % 7 == 0:
                continue
            if self.key:
                seq, t1, estimate, session = SENDER_AUTH.unpack(packet[:96])
                if packet[96:112] != mac(packet[:96]):
                    continue
                own = seq if self.direct else number - 1
                answer = REFLECTED_AUTH.pack(own, ntp(time.time_ns()), 1, session, ntp(received), seq, t1, estimate, 64)
                answer += mac(answer) + self.extensions(packet, 112, number, answer[:4])
            else:
                seq, t1, estimate, session = SENDER.unpack(packet[:44])
                own = seq if self.direct else number - 1
                answer = REFLECTED.pack(own, ntp(time.time_ns()), 1, session, ntp(received), seq, t1, estimate, 64)
                answer += self.extensions(packet, 44, number, answer[:4])
            self.sock.sendto(answer, source)

    def extensions(self, packet, base, number, own):
        tlvs = packet[base:]
        if not self.direct:
            return tlvs
        flags, kind, length, sent = struct.unpack_from("!BBHI", tlvs)
        assert (flags, kind, length, tlvs[8:16]) == (0x80, 5, 12, bytes(8)), tlvs[:16].hex()
        assert sent == 1 + struct.unpack_from("!I", packet)[0], sent
        filled = struct.pack("!BBHIII", 0, 5, 12, sent, number, number) + tlvs[16:]
        if not self.key:
            return filled
        covered, trailer = tlvs[:-20], tlvs[-20:]
        assert trailer == tlv(8, mac(packet[:4] + covered)), trailer.hex()
        covered = filled[:-20]
        return covered + struct.pack("!BBH", 0, 8, 16) + mac(own + covered)


NAMES = ("open", "keyed", "direct", "directkeyed")


def probes(http):
    """After some rounds of 50 packets: 10 % are lost forwards, a seventh of the rest backwards."""
    for _ in range(100):
        text = urllib.request.urlopen("http://%s:%d/actuator/prometheus" % (THERE, http), timeout=5).read().decode()
        meters = {(name, probe): float(value) for name, probe, value in re.findall(r'^(echo_probe_\w+)\{.*?probe="(\w+)".*?\} (\S+)$', text, re.M)}
        if all(meters.get(("echo_probe_sent_total", name), 0) >= 400 for name in NAMES):
            break
        time.sleep(0.2)
    for name in NAMES:
        meter = {key[0]: value for key, value in meters.items() if key[1] == name}
        sent = meter["echo_probe_sent_total"]
        forward, backward = meter["echo_probe_lost_forward_total"] / sent, meter["echo_probe_lost_backward_total"] / sent
        check("probe %s: losses of both directions" % name, 0.07 < forward < 0.11 and 0.09 < backward < 0.15,
              "%.3f forward, %.3f backward of %d" % (forward, backward, sent))
        check("probe %s: delays" % name, all(-1 < meter["echo_probe_%s_seconds" % way] < 1 for way in ("forward_delay", "backward_delay"))
              and 0 <= meter["echo_probe_reflector_seconds"] < 0.1 and meter["echo_probe_corrupted_total"] == 0)


@contextlib.contextmanager
def service(name, settings):
    log = "%s/%s.log" % (WORK, name)
    with open(log, "w") as output:
        process = subprocess.Popen(["ip", "netns", "exec", SERVICE_SPACE] + COMMAND + ["--spring.profiles.active=free-ports"]
                                   + ["--echo." + setting for setting in settings], stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + 120
        while "Started SocketEchoApplication" not in open(log).read():
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError("the service did not start:\n" + open(log).read()[-3000:])
            time.sleep(0.1)
        text = open(log).read()
        ports = {server: int(port) for server, port in re.findall(r"Server '(\S+)' listens: UDP, address \S+, port (\d+),", text)}
        check("%s: the key is not in the log" % name, KEY.decode() not in text)
        yield ports, int(re.search(r"Netty started on port (\d+)", text).group(1))
    finally:
        process.terminate()
        process.wait(60)


def server(name, **stamp):
    return ["udp.servers.%s.port=0" % name, "udp.servers.%s.mode=stamp" % name] + [
        "udp.servers.%s.stamp.%s=%s" % (name, key.replace("_", "-"), value) for key, value in stamp.items()]


def probe(name, reflector, **more):
    settings = dict(transport="udp", host=HERE, port=reflector.port, protocol="stamp", count=50, interval="400ms",
                    timeout="200ms", **more)
    return ["probes.%s.%s=%s" % (name, key, value) for key, value in settings.items()]


def main():
    text = KEY.decode()
    reflectors = {name: Reflector("keyed" in name, "direct" in name) for name in NAMES}
    for reflector in reflectors.values():
        reflector.start()
    settings = server("plain") + server("stateful", stateful="true") + server("secret", hmac_key=text)
    settings += probe("open", reflectors["open"]) + probe("keyed", reflectors["keyed"], **{"stamp.hmac-key": text, "payload-size": "200B"})
    direct = {"stamp.direct-measurement": "true", "payload-size": "200B"}
    settings += probe("direct", reflectors["direct"], **direct)
    settings += probe("directkeyed", reflectors["directkeyed"], **{"stamp.hmac-key": text}, **direct)
    with service("nio", server("nio") + ["transport=nio"]) as (nio, _), service("epoll", settings) as (ports, http):
        ports["nio"] = nio["nio"]
        unauthenticated(ports)
        authenticated(ports)
        extensions(ports)
        tshark_reads(scapy_sends(ports))
        probes(http)
        directions(ports)
    print("%d checks" % passed)


main()
