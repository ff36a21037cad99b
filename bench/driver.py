"""What the driver costs with a simulated board with many cells that is read once a second."""

import statistics
import subprocess
import time

import harness
from measure import PROGRAMS, context_switches, cpu_ns, floor_ms_per_s, private_kb, wake_ups

SETTLING_S = 12  # the daemon gives start-up memory back after 10

# A board that answers at once, and whose answer is there as a whole.
AT_ONCE = ["--latency", "3", "--chunk", "512"]

# Figure, unit, limit, key in the JSON output.
FIGURES = [
    ("launch to a valid /Soc", "s", 1.0, "launch_s"),
    ("CPU while values change", "ms/s", 0.2, "cpu_changing_ms_per_s"),
    ("CPU while nothing changes", "ms/s", 0.2, "cpu_constant_ms_per_s"),
    ("  wake-ups", "1/s", None, "wake_ups_per_s"),
    ("  context switches", "1/s", None, "context_switches_per_s"),
    ("  CPU of a process that only wakes up", "ms/s", None, "cpu_floor_ms_per_s"),
    ("private memory", "kB", 2500, "private_kb"),
    ("private memory, peak", "kB", 2500, "private_peak_kb"),
    ("  more for a battery on a second line", "kB", 600, "second_line_kb"),
    ("D-Bus messages while values change", "1/s", 1.1, "messages_changing_per_s"),
    ("D-Bus messages while nothing changes", "1/s", 0, "messages_constant_per_s"),
    ("last byte of the answer to the signal", "ms", 1.0, "byte_to_signal_ms"),
    ("detection among all kinds", "s", 15, "detection_s"),
    ("detection from memory", "s", 2, "detection_again_s"),
]


class Monitor:
    """Sees what one connection sends, from the side, as dbus-monitor does: when each message came."""

    def __init__(self, bus, sender):
        self.times = []
        self.connection = harness.dbus.bus.BusConnection(bus.address)
        self.connection.add_message_filter(self.seen)
        monitoring = harness.dbus.Interface(self.connection.get_object("org.freedesktop.DBus", "/org/freedesktop/DBus"),
                                            "org.freedesktop.DBus.Monitoring")
        monitoring.BecomeMonitor(harness.dbus.Array([f"sender='{sender}'"], signature="s"), harness.dbus.UInt32(0))

    def seen(self, _connection, message):
        if message.get_sender() != "org.freedesktop.DBus":
            self.times.append(time.monotonic())
        return 0  # handled


def detection_s(bus, board):
    """How long `detect` takes, first among all kinds of boards and then from memory."""
    simulator = harness.Simulator("--speed-matters", *board.options, family=board.family)
    try:
        times = []
        for _ in range(2):
            began = time.monotonic()
            subprocess.run([PROGRAMS / "dbus-bms", "detect", simulator.tty, "--state-dir", bus.directory / board.family],
                           check=True, stdout=subprocess.DEVNULL)
            times.append(time.monotonic() - began)
        return times
    finally:
        simulator.stop()


def launch_s(bus, board):
    """From the start of the process to a client that knows /Soc."""
    simulator = harness.Simulator(*board.options, *board.measured, family=board.family)
    client = harness.BusClient(bus, "com.victronenergy.battery.ttyTEST")
    daemon = harness.Daemon(bus, simulator.tty, family=board.family)
    try:
        client.wait_for(lambda items: items["/Soc"].value is not None)
        return time.monotonic() - daemon.started_at
    finally:
        daemon.stop()
        client.wait_for_no_name()
        client.stop()
        simulator.stop()


def two_lines_kb(bus, board):
    """Private memory of a process with two such boards, each on a line of its own, after it has settled."""
    lines = ("ttyTEST", "ttyMORE")
    simulators = [harness.Simulator(*board.options, *board.measured, family=board.family, name=line) for line in lines]
    clients = [harness.BusClient(bus, "com.victronenergy.battery." + line) for line in lines]
    daemon = harness.Daemon(bus, *(simulator.tty for simulator in simulators), family=board.family)
    try:
        for client in clients:
            client.wait_for(lambda items: items["/Soc"].value is not None)
            client.stop()
        time.sleep(SETTLING_S)
        return private_kb(daemon.pid)
    finally:
        daemon.stop()
        for simulator in simulators:
            simulator.stop()


def polling(bus, board, seconds, *options):
    """CPU, memory, messages and delays over `seconds` of polling, after it has settled."""
    simulator = harness.Simulator(*board.options, *board.measured, "--timestamps", *options, family=board.family)
    client = harness.BusClient(bus, "com.victronenergy.battery.ttyTEST")
    daemon = harness.Daemon(bus, simulator.tty, family=board.family)
    try:
        client.wait_for(lambda items: items["/Soc"].value is not None)
        memory = []
        for _ in range(SETTLING_S):
            client.wait_s(1)
            memory.append(private_kb(daemon.pid))
        monitor = Monitor(bus, client.wait_for_name())
        client.stop()
        client.wait_s(0.5)
        # Nothing looks at the process while its time is taken: that alone would cost it some.
        seen, cpu, began = len(monitor.times), cpu_ns(daemon.pid), time.monotonic()
        wakes, switches = wake_ups(daemon.pid), context_switches(daemon.pid)
        client.wait_s(seconds)
        took_s = time.monotonic() - began
        cpu = cpu_ns(daemon.pid) - cpu
        wakes, switches = wake_ups(daemon.pid) - wakes, context_switches(daemon.pid) - switches
        memory.append(private_kb(daemon.pid))
        sent_at = [float(line.split()[2]) for line in simulator.process.lines if line.startswith("sent ")]
        messages = monitor.times[seen:]
        delays = [at - max(sent for sent in sent_at if sent < at) for at in messages]
        return {"cpu": cpu / 1e6 / took_s, "wakes": wakes / took_s, "switches": switches / took_s, "memory": memory,
                "messages": len(messages) / took_s, "delays": delays}
    finally:
        daemon.stop()
        simulator.stop()


def measure_boards(boards, seconds):
    """Figures of each board, and of the same when it answers at once."""
    figures = {}
    for name, board in boards.items():
        figures[name] = measure_board(board, seconds)
        if not board.talks:  # a board that is never asked answers neither soon nor late
            at_once = board._replace(options=[*board.options, *AT_ONCE])
            figures[name + ", at once"] = measure_board(at_once, seconds)
    return figures


def measure_board(board, seconds):
    bus = harness.PrivateBus()
    settings = harness.Settings(bus)
    try:
        launches = [launch_s(bus, board) for _ in range(5)]
        detection = detection_s(bus, board)
        changing = polling(bus, board, seconds, "--drift")
        constant = polling(bus, board, seconds)
        two_kb = two_lines_kb(bus, board)
        floor = floor_ms_per_s(constant["wakes"], min(seconds, 20))
    finally:
        settings.stop()
        bus.stop()
    return {
        "launch_s": round(statistics.median(launches), 3),
        "cpu_changing_ms_per_s": round(changing["cpu"], 3),
        "cpu_constant_ms_per_s": round(constant["cpu"], 3),
        "wake_ups_per_s": round(constant["wakes"], 2),
        "context_switches_per_s": round(constant["switches"], 2),
        "cpu_floor_ms_per_s": round(floor, 3),
        # Pages shared with another process that happens to run the same program do not count; so the larger one.
        "private_kb": max(changing["memory"][-1], constant["memory"][-1]),
        "second_line_kb": two_kb - constant["memory"][-1],
        "private_peak_kb": max(changing["memory"] + constant["memory"]),
        "messages_changing_per_s": round(changing["messages"], 3),
        "messages_constant_per_s": round(constant["messages"], 3),
        "byte_to_signal_ms": round(statistics.median(changing["delays"]) * 1000, 3),
        "detection_s": round(detection[0], 2),
        "detection_again_s": round(detection[1], 2),
    }
