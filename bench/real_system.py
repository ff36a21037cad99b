"""The real systemcalc and localsettings on a bus of their own, and what is expected of them."""

import harness
from harness import BusClient, PrivateBus, Process, dbus, plain

SETTINGS = "com.victronenergy.settings"
SYSTEM = "com.victronenergy.system"


class RealSystem:
    """`programs.systemcalc`, `programs.localsettings`: checkouts of dbus-systemcalc-py and localsettings that run on this
    machine, velib_python included. `dvcc`: 1 where it is on."""

    def __init__(self, programs, dvcc):
        self.failed = []
        self.bus = PrivateBus()
        self.running = [self.bus]
        self.env = dict(self.bus.env, VRM_IFACE="lo")
        self.python = ["/usr/bin/python3", "-B"]
        self.add(Process("localsettings", [*self.python, programs.localsettings + "/localsettings.py", "--path",
                                           self.bus.directory, "--no-delay"], env=self.env, output="both"))
        self.client = self.add(BusClient(self.bus))
        self.client.wait_for_name(SETTINGS)
        self.systemcalc = programs.systemcalc
        self.start_systemcalc()
        self.client.call("/Settings/Services/Bol", "SetValue", dbus.Int32(dvcc), signature="v", service=SETTINGS)

    def start_systemcalc(self):
        self.calculating = self.add(Process("systemcalc", [*self.python, self.systemcalc + "/dbus_systemcalc.py"],
                                            env=self.env, output="both"))
        self.client.wait_for_name(SYSTEM)

    def add(self, part):
        """Something that is stopped with all the rest."""
        self.running.append(part)
        return part

    def value(self, service, path):
        return plain(self.client.call(path, "GetValue", service=service))

    def expect(self, what, condition, within_s=60, log=()):
        try:
            self.client.wait_until(lambda: self.client.wait_s(0.2) or condition(), what, within_s)
            print(f"  ok      {what}")
        except harness.Failed:
            self.failed.append(what)
            print(f"  FAILED  {what}")
            print("\n".join("          " + line for line in log[-15:]))

    def stays(self, what, condition, for_s=15):
        for _ in range(for_s):
            self.client.wait_s(1)
            if not condition():
                self.failed.append(what)
                print(f"  FAILED  {what}")
                return
        print(f"  ok      {what}, for {for_s} s")

    def stop(self):
        for each in reversed(self.running):
            each.stop()
        return self.failed
