"""What a broker costs a driver, beside D-Bus: nothing, where none is configured."""

import time

import harness
from boards import BOARDS
from broker import Broker
from certificates import Certificates
from measure import cpu_ns, private_kb

SETTLING_S = 12  # the daemon gives start-up memory back after 10

# Figure, unit, limit, key in the JSON output.
FIGURES = [
    ("CPU without a broker, all values changing", "ms/s", None, "cpu_without_ms_per_s"),
    ("  times that with one", "", 2, "cpu_times"),
    ("  times that with TLS", "", 2, "cpu_times_tls"),
    ("private memory without a broker", "kB", None, "private_kb"),
    ("  more with one", "kB", 1200, "more_kb"),
    ("  more with TLS", "kB", 3000, "more_kb_tls"),
]


def polling(board, seconds, mqtt):
    """CPU in ms/s and private memory in kB of a driver, `mqtt` in its configuration."""
    bus = harness.PrivateBus()
    settings = harness.Settings(bus)
    simulator = harness.Simulator(*board.options, *board.measured, "--drift", family=board.family)
    config = bus.directory / "config.ini"
    config.write_text("\n".join(["[mqtt]", *mqtt] if mqtt else []) + "\n")
    client = harness.BusClient(bus, "com.victronenergy.battery.ttyTEST")
    daemon = harness.Daemon(bus, simulator.tty, "--config", config, family=board.family)
    try:
        client.wait_for(lambda items: items["/Soc"].value is not None)
        if mqtt:
            daemon.wait_for_log("connected to the broker")
        client.stop()
        time.sleep(SETTLING_S)
        cpu, began = cpu_ns(daemon.pid), time.monotonic()
        time.sleep(seconds)
        return (cpu_ns(daemon.pid) - cpu) / 1e6 / (time.monotonic() - began), private_kb(daemon.pid)
    finally:
        daemon.stop()
        simulator.stop()
        settings.stop()
        bus.stop()


def measure_broker(seconds):
    """Figures of a board with many cells that is read, and sent to the broker, once a second."""
    board = BOARDS["jbd"]
    certificates = Certificates()
    certificates.authority("ours")
    certificates.server("server", "ours", days=30)
    plain, secure = Broker(), Broker(*certificates.lines_for_broker("server", "ours"))
    to = ["host = 127.0.0.1", "interval = 1"]
    try:
        cpu, memory = polling(board, seconds, [])
        cpu_plain, memory_plain = polling(board, seconds, [*to, f"port = {plain.port}"])
        cpu_tls, memory_tls = polling(board, seconds, [*to, f"port = {secure.port}", "tls = yes",
                                                       f"ca_file = {certificates.directory}/ours.crt"])
    finally:
        plain.stop()
        secure.stop()
        certificates.stop()
    return {
        "cpu_without_ms_per_s": round(cpu, 3),
        "cpu_times": round(cpu_plain / cpu, 2),
        "cpu_times_tls": round(cpu_tls / cpu, 2),
        "private_kb": memory,
        "more_kb": memory_plain - memory,
        "more_kb_tls": memory_tls - memory,
    }
