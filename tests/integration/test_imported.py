"""Configurations of dbus-serialbattery that are imported and then run: the real daemon on a simulated board allows no
more than the old file did."""

import os
import pathlib
import subprocess
import tempfile

from harness import TestCase, main

CVL, CCL, DCL = "/Info/MaxChargeVoltage", "/Info/MaxChargeCurrent", "/Info/MaxDischargeCurrent"

# Four modules of an electric car with a JBD board: Li-ion, with tables of its owner's own.
ELECTRIC_CAR = """[DEFAULT]
MAX_BATTERY_CHARGE_CURRENT = 60.0
MAX_BATTERY_DISCHARGE_CURRENT = 60.0
MAX_CELL_VOLTAGE = 4.10
MIN_CELL_VOLTAGE = 3.25
FLOAT_CELL_VOLTAGE = 3.85
CELL_VOLTAGES_WHILE_CHARGING = 4.10, 4.05, 4.00, 3.90
MAX_CHARGE_CURRENT_CV_FRACTION = 0, 0.05, 0.5, 1
CELL_VOLTAGES_WHILE_DISCHARGING = 3.25, 3.30, 3.35, 3.45
MAX_DISCHARGE_CURRENT_CV_FRACTION = 0, 0.1, 0.5, 1
"""

# A board of the same family that warns early and shows whole lists of times.
EARLY_WARNINGS = """[DEFAULT]
BMS_TYPE = LltJbd
MAX_BATTERY_CHARGE_CURRENT = 100.0
MAX_BATTERY_DISCHARGE_CURRENT = 240.0
MIN_CELL_VOLTAGE = 3.000
MAX_CELL_VOLTAGE = 3.550
SOC_LOW_WARNING = 30
SOC_LOW_ALARM = 25
TIME_TO_SOC_POINTS = 100, 95, 90, 85, 75, 50, 25, 20, 10, 0
"""

# A table that ends early, and nothing else.
LOW_TABLE = """CELL_VOLTAGES_WHILE_CHARGING   = 3.48, 3.45, 3.42, 3.40
MAX_CHARGE_CURRENT_CV_FRACTION =    0, 0.1,  0.4,    1
"""


def value(items, path):
    return items[path].value


class Imported(TestCase):
    def imported(self, theirs, *boards, cells="16", family="jbd"):
        """A board, the daemon with what import makes of the file, and a client that sees the battery."""
        with tempfile.TemporaryDirectory() as directory:
            old = pathlib.Path(directory, "theirs.ini")
            old.write_text(theirs)
            made = subprocess.run([os.environ["DBUS_BMS"], "config", "import", old], capture_output=True, text=True)
        self.assertEqual(made.returncode, 0, made.stdout)
        ours = self.config_file(made.stdout)
        checked = subprocess.run([os.environ["DBUS_BMS"], "config", "check", ours], capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stdout)
        simulator, _, client = self.battery("--cells", cells, *boards, daemon_options=("--config", ours), family=family)
        client.wait_for(lambda items: value(items, CCL) is not None and value(items, CVL) is not None)
        self.assertEqual(value(client.items, "/Info/ConfigurationFaults"), 0)
        return simulator, client

    def all_cells(self, simulator, volts, cells):
        for cell in range(1, cells + 1):
            simulator.command(f"set cell {cell} {volts}")

    def test_li_ion_with_tables_of_its_own(self):
        simulator, client = self.imported(ELECTRIC_CAR, cells="14")
        # Cells of LiFePO4, as the simulator has them, are nearly empty for this table.
        self.all_cells(simulator, 3.295, 14)
        client.wait_for(lambda items: 0 < value(items, DCL) <= 60 * 0.1)
        self.all_cells(simulator, 3.7, 14)
        client.wait_for(lambda items: value(items, CCL) == 60 and value(items, "/System/MinCellVoltage") == 3.7)
        self.assertLessEqual(value(client.items, CVL), 14 * 4.10)
        simulator.command("set cell 3 4.11")
        client.wait_for_value(CCL, 0)
        self.assertLessEqual(value(client.items, CVL), 14 * 4.10)
        simulator.command("set cell 3 3.7")
        simulator.command("set cell 5 3.24")
        client.wait_for_value(DCL, 0)

    def test_currents_and_warnings(self):
        simulator, client = self.imported(EARLY_WARNINGS, "--soc", "60", cells="8")
        client.wait_for(lambda items: value(items, CCL) == 100 and value(items, DCL) == 240)
        self.assertLessEqual(value(client.items, CVL), 8 * 3.55)
        self.assertEqual(value(client.items, "/Alarms/LowSoc"), 0)
        simulator.command("set soc 28")
        client.wait_for_value("/Alarms/LowSoc", 1)
        simulator.command("set soc 24")
        client.wait_for_value("/Alarms/LowSoc", 2)
        simulator.command("set cell 2 3.57")
        client.wait_for(lambda items: value(items, CCL) < 10)

    def test_a_table_that_ends_early_ends_charging_there(self):
        simulator, client = self.imported(LOW_TABLE, cells="18")
        self.all_cells(simulator, 3.3, 18)
        client.wait_for(lambda items: value(items, CCL) == 50)
        simulator.command("set cell 7 3.43")
        client.wait_for(lambda items: 0 < value(items, CCL) <= 50 * 0.4)
        simulator.command("set cell 7 3.485")
        client.wait_for_value(CCL, 0)
        self.assertLessEqual(value(client.items, CVL), 18 * 3.45)


if __name__ == "__main__":
    main()
