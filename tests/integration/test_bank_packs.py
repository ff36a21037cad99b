#!/usr/bin/python3
"""A bank of packs that come, go, lie and fall silent: fake ones of this program, and of others."""

import json
import signal

import harness
from bank_case import BATTERY, CCL, CELLS, CURRENT, CVL, DCL, VOLTAGE, Bank, BankTest, SoundClient

NONSENSE = ("float('nan')", "float('inf')", "1e300", "-1e300", "'words'")


def standing(number):
    return f"/Battery/{number}/Standing"


class PacksThatAreHeard(BankTest):
    def test_nothing_is_shown_before_enough_packs_were_heard(self):
        self.ours("A1", "S1")
        bank = self.banks(House="A1, A2, A3", String="S1, S2\nmode = series")
        house, string = self.clients["House"], self.clients["String"]
        bank.wait_for_log("House: A1 is in use")
        bank.wait_for_log("String: S1 is in use")
        # On the bus, with values, and never a sign of life.
        self.fakes.do("; ".join(f"pack('tty{name}', '{name}').become(hanging=True)" for name in ("A2", "S2")))
        bank.wait_for_log("House: A2 is ttyA2")
        bank.wait_for_log("String: S2 is ttyS2")
        house.wait_s(3)
        self.assertEqual([house.items, string.items], [{}, {}])
        for name in ("ttyA2", "ttyS2"):
            self.do(name, "s.become(hanging=False)")
        items = self.charged("House").items
        self.assertEqual([items[standing(n)].value for n in (1, 2, 3)], ["in use", "in use", "not seen yet"])
        self.assertEqual([items[f"/System/NrOfModules{what}"].value for what in ("Online", "Offline")], [2, 1])
        # The third one may be connected all the same, and takes its part unheard.
        self.assertLessEqual(items[CCL].value, 3 * 0.2 * 100 + 0.1)
        self.ours("A3")
        house.wait_for(lambda items: house.value("/Battery/3/Cell/16/Voltage") == 3.3, "the cells of the third one")
        items = self.charged("String").items
        self.assertAlmostEqual(items[VOLTAGE].value, 2 * CELLS * 3.3, delta=0.05)

    def test_what_packs_allow(self):
        """Several banks, which have nothing to do with one another, at the same time."""
        self.pack("ttyA1", "A1", ccl=40.0)
        self.pack("ttyA2", "A2", ccl=0.0, current=0.0, Member__ChargeFet=0)
        self.ours("O1", "B1", "B2", "C1", "N2")
        self.pack("ttyO2", "O2", Member__ChargeFet=0)
        self.pack("ttyS1", "S1", ccl=40.0, cell_v=3.30)
        self.pack("ttyS2", "S2", ccl=30.0, cell_v=3.31)
        self.pack("can0", ccl=45.0, cell_v=3.32)
        self.pack("ttyC2", "C2", cells=15)
        self.pack("F1", Info__MaxChargeCurrent=None)
        self.pack("ttyUSB4", Serial="HQ77")
        self.pack("G1", Info__MaxChargeCurrent=None)
        self.pack("G2")
        self.pack("N1", Io__AllowToCharge=0)
        self.banks(Two="A1, A2", Open="O1, O2\nmode = series", String="S1, S2, can0\nmode = series", Twins="B1, B2", Unequal="C1, C2",
                   Unknown=f"{BATTERY}F1, HQ77", Given="G1, G2\npack_max_charge_current = 30", Foreign="N1, N2")
        for part in (self.one_that_allows_nothing, self.a_string, self.other_drivers, self.unequal_packs, self.twins):
            with self.subTest(part.__name__):
                part()

    def one_that_allows_nothing(self):
        # With an open FET it leaves its share to the other one.
        two = self.charged("Two")
        self.assertLessEqual(two.value(CCL), 40)
        self.assertEqual(two.value("/System/NrOfModulesBlockingCharge"), 1)
        self.do("ttyA2", "s.tell({'/Member/ChargeFet': 1, '/Dc/0/Current': 10.0})")
        two.wait_for_value(CCL, 0)
        self.assertEqual([two.value("/System/NrOfModulesBlockingCharge"), two.value("/Io/AllowToCharge")], [0, 0])
        self.assertGreater(two.value(DCL), 0)
        # In series one open FET opens the string.
        string = self.clients["Open"]
        string.wait_for_value(CCL, 0)
        self.assertEqual(string.value("/Io/AllowToCharge"), 0)

    def a_string(self):
        string = self.charged("String")
        sum_v = CELLS * (3.30 + 3.31 + 3.32)
        self.assertAlmostEqual(string.value(VOLTAGE), sum_v, delta=0.05)
        self.assertLessEqual(string.value(CCL), 30)
        self.assertEqual(string.value("/System/NrOfCellsPerBattery"), 3 * CELLS)
        self.assertEqual(string.value("/System/MaxVoltageCellId"), "B3C1")
        self.assertNotEqual(string.set("/Settings/Exclude/2", 1), 0)
        self.assertEqual(string.get("/Settings/Exclude/2"), 0)
        self.assert_logged("S2 cannot be left out")
        self.do("can0", "s.stop()")
        string.wait_for_value(VOLTAGE, None)
        self.assertEqual(string.value(CCL), 0)
        self.do("can0", "s.start()")
        string.wait_for(lambda items: items[VOLTAGE].value is not None, "the string")
        for _, value in string.seen(VOLTAGE):
            self.assertTrue(value is None or abs(value - sum_v) < 0.1, value)

    def other_drivers(self):
        given = self.charged("Given")
        self.assertLessEqual(given.value(CCL), 60)
        for name in ("Unknown", "Foreign"):
            client = self.clients[name]
            client.wait_for(lambda items, client=client: client.value(DCL), "DCL")
            self.assertEqual(client.value(CCL), 0, name)
        for pack in (f"Unknown: {BATTERY}F1 is F1", "Unknown: HQ77 is ttyUSB4", "Given: G1 is G1"):
            self.assert_logged(f"{pack}, which does not say that it is one of a bank")
        self.process.wait_for_log(f"Unknown: {BATTERY}F1 names no limit for charging")
        self.assertFalse(any("HQ77 names no limit" in line or "G1 names no limit" in line for line in self.process.log))

    def assert_refused(self, bank, words):
        client = self.clients[bank]
        # A pack that may be another one is not heard at first.
        client.wait_for(lambda items: [client.value(path) for path in ("/ErrorCode", CCL, DCL)] == [4, 0, 0], "a refusal")
        self.assertRegex(client.value("/Info/ChargeLimitation"), words)
        return client

    def unequal_packs(self):
        self.assert_refused("Unequal", "C2 has another number of cells")

    def twins(self):
        twins = self.charged("Twins")
        self.assertEqual(twins.value("/ErrorCode"), None)
        self.pack("ttyB3", "B2")
        self.assert_refused("Twins", "B2 is there twice")
        self.assert_logged("B2 is there twice, as ttyB2 and ttyB3")
        self.do("ttyB3", "s.stop()")
        twins.wait_for(lambda items: items["/ErrorCode"].value is None, "no error")
        # It goes on slowly.
        start = len(twins.changes)
        self.charged("Twins")
        self.assertLessEqual(max(value for _, value in twins.seen(CCL, start) or [(0, twins.value(CCL))]), 5)
        # What is told later is other cells as well, and no bank becomes usable by it.
        self.do("ttyB2", "s.cells_are(3.3, 14)")
        self.assert_refused("Twins", "B2 has 14 cells, not 16")


class WhoThePacksAre(BankTest):
    def test_who_fits_better_is_the_pack(self):
        for name in ("ttyA7", "tty7", "can_M2"):
            self.pack(name)
        self.ours("M1", "M2")
        for name, serial in (("x1", "AA"), ("x2", "BB"), ("G1", "TWIN"), ("G2", "TWIN"), ("Z1", "0000"), ("Z2", "0000")):
            self.pack(name, Serial=serial)
        self.banks(Alike="7, A7", Said="M1, M2", Serials="AA, BB", Twins="G1, G2", Zeros="Z1, Z2")
        for line in ("Alike: A7 is ttyA7,", "Alike: 7 is tty7,", "Said: can_M2 fits M2 as well",
                     r"G1 \(G1\) and G2 \(G2\) have the same serial number TWIN"):
            self.process.wait_for_log(line)
        for name in ("Alike", "Said", "Serials", "Zeros"):
            self.charged(name)
        twins = self.clients["Twins"]
        twins.wait_for(lambda items: [twins.value(path) for path in ("/ErrorCode", CCL, DCL)] == [4, 0, 0], "a refusal")
        # Another board in the place of a pack.
        self.do("x1", "s.say('/Serial', 'CC')")
        self.process.wait_for_log("Serials: AA is x1 no more")
        self.clients["Serials"].wait_for_value(CCL, 0)

    def test_a_pack_among_many_batteries(self):
        self.fakes.do("[pack(f'x{i:03}') for i in range(100)]")
        self.ours("Z1", "Z2")
        # By the number of its board, which only it tells.
        self.pack("yyy", Serial="HQ77")
        self.banks(House="Z1, Z2, HQ77\nmin_members = 3")
        self.charged("House")
        self.assert_logged("more than 48 batteries on the bus")

    def test_an_answer_that_takes_long(self):
        self.ours("A1", "A2", "B1", "B2")
        self.fakes.do("exec('def slow(self, m, handle=Service.handle):\\n"
                      "  if self.name.endswith(\"A2\") and m.get_member() == \"GetItems\": GLib.timeout_add(5000, lambda: handle(self, m))\\n"
                      "  else: handle(self, m)\\n"
                      "Service.handle = slow')")
        self.do("ttyB2", "s.become(silent=True)")
        self.banks(Slow="A1, A2", Never="B1, B2")
        self.process.wait_for_log("Never: ttyB2 does not answer")
        self.clients["Slow"].wait_for(lambda items: self.clients["Slow"].value(CCL), "CCL", limit_s=60)
        self.assertEqual(sum("Never: ttyB2 does not answer" in line for line in self.process.log), 1)

    def test_a_heartbeat_that_was_left_behind(self):
        self.ours("A1", "A2")
        left = self.bus.directory / "run" / "heartbeat"
        left.mkdir(parents=True)
        (left / "ttyA1").write_text("000000000000001\n")
        self.banks(House="A1, A2")
        self.charged("House")

    def test_one_that_cannot_begin_leaves_the_others(self):
        self.ours("A1", "A2", "B1", "B2")
        self.banks(One="A1, A2")
        self.charged("One")
        config = self.config_file("[bank One]\nmembers = A1, A2\n[bank Two]\nmembers = B1, B2\n")
        self.clients["Two"] = self.start(SoundClient, self.bus, BATTERY + "Two")
        both = self.start(Bank, self.bus, config)
        both.wait_for_log("One: is another process running for this bank")
        self.charged("Two")

    def test_a_shunt_is_asked(self):
        self.ours("A1", "A2")
        self.pack("shuntX", current=33.0)
        self.banks(House="A1, A2\nshunt = shuntX")
        house = self.charged("House")
        house.wait_for_value(CURRENT, 33)
        # It says the same for longer than a silence lasts, and answers.
        self.do("shuntX", "s.become(hanging=True)")
        start = len(house.changes)
        house.wait_s(14)
        self.assertEqual([value for _, value in house.seen(CURRENT, start) if value != 33], [])
        self.do("shuntX", "s.become(silent=True)")
        house.wait_for_value(CURRENT, 20)
        self.do("shuntX", "s.become(silent=False)")
        house.wait_for_value(CURRENT, 33)
        self.do("shuntX", "s.say('/Connected', 0)")
        house.wait_for_value(CURRENT, 20)

    def test_a_pack_is_no_shunt(self):
        # What it is it says itself, so the configuration shows nothing of it.
        self.pack("ttyA1", "JBD:A1")
        self.ours("A2")
        self.banks(House="JBD:A1, A2\nshunt = ttyA1")
        house = self.charged("House")
        self.process.wait_for_log("ttyA1 is the bank itself or one of its packs: it is not followed")
        self.assertEqual(house.value(CURRENT), 20)


class WhatIsKept(BankTest):
    def test_a_pack_that_its_owner_takes_out(self):
        self.ours("A1", "A2", "A3", "B1", "B2")
        self.banks(House="A1, A2, A3", Two="B1, B2")
        for bank, number, pack in (("House", 3, "ttyA3"), ("Two", 2, "ttyB2")):
            client = self.charged(bank)
            for refused in (2, -1, "words"):
                self.assertNotEqual(client.set(f"/Settings/Exclude/{number}", refused), 0, refused)
            self.assertEqual(client.set(f"/Settings/Exclude/{number}", 1), 0)
            client.wait_for_value(standing(number), "excluded")
            self.do(pack, "s.stop()")
        house, two = self.clients["House"], self.clients["Two"]
        self.pass_a_second(House="ttyA1", Two="ttyB1")
        self.assertLessEqual(house.value(CCL), 100)
        self.assertLessEqual(two.value(CCL), 50)
        for client in (house, two):
            self.assertTrue(client.value(CCL))
            self.assertEqual(client.value("/Alarms/BmsCable"), 0)
        bank = self.restarted()
        bank.wait_for_log("House: A3 is excluded")
        for name, number in (("House", 3), ("Two", 2)):
            client = self.charged(name)
            self.assertEqual([client.value(path) for path in (standing(number), f"/Settings/Exclude/{number}")], ["excluded", 1])
            self.assertEqual(client.value("/Alarms/BmsCable"), 0)
        # It is needed again, and not there.
        self.assertEqual(two.set("/Settings/Exclude/2", 0), 0)
        two.wait_for_value(CCL, 0)
        two.wait_for_value("/Alarms/BmsCable", 1)

    def test_the_last_pack_cannot_be_taken_out(self):
        self.ours("A1", "A2")
        self.banks(House="A1, A2")
        house = self.charged("House")
        self.assertEqual(house.set("/Settings/Exclude/1", 1), 0)
        house.wait_for_value(standing(1), "excluded")
        note = self.bus.directory / "state" / "bank-House.json"
        kept = note.read_text()
        written = note.stat().st_ino
        self.assertEqual(house.set("/Settings/Exclude/1", 1), 0)
        self.assertEqual(note.stat().st_ino, written, "it was saved though nothing has changed")
        self.assertNotEqual(house.set("/Settings/Exclude/2", 1), 0)
        self.process.wait_for_log("A2 cannot be left out: it is the last pack")
        self.assertEqual([house.get(f"/Settings/Exclude/{n}") for n in (1, 2)], [1, 0])
        # What earlier programs have allowed locks nobody out.
        self.process.stop(signal.SIGKILL)
        house.wait_for_no_name()
        note.write_text(json.dumps(json.loads(kept) | {"excluded": ["A1", "A2"]}))
        self.process = self.start(Bank, self.bus, self.config)
        self.process.wait_for_log("every pack was left out, which cannot be")
        self.charged("House")
        self.assertEqual([house.value(standing(n)) for n in (1, 2)], ["in use", "in use"])

    def test_localsettings_begins_anew(self):
        self.ours("A1", "A2")
        self.banks(House="A1, A2")
        house = self.charged("House")
        self.assertEqual(house.set("/CustomName", "Cellar"), 0)
        instance = house.value("/DeviceInstance")
        self.settings.stop()
        self.pass_a_second(House="ttyA1")
        self.settings.start()
        self.pass_a_second(House="ttyA1")
        self.assertEqual(len([owner for owner in house.owners if owner]), 1, "it has left the bus")
        self.assertEqual(house.set("/Settings/ChargeBlocked", 1), 0)
        house.wait_for_value(CCL, 0)
        self.restarted()
        house.wait_for(lambda items: house.value("/CustomName") == "Cellar", "the name")
        self.assertEqual(house.value("/DeviceInstance"), instance)
        self.assertEqual([house.value(CCL), house.value("/Settings/ChargeBlocked")], [0, 1])


class Silence(BankTest):
    """All that takes long, at the same time."""

    def setUp(self):
        super().setUp()
        for name in ("F1", "F2"):
            self.pack(name, ccl=40.0)
        self.ours("A1", "A2", "B1", "B2", "B3", "C1", "C2", "C3", "E1", "E2", "S1", "S2")
        self.ours("D1", "D2", cell_v=3.455, current=3.0)
        self.ours("L1", "L2", "M1", "M2")
        self.pack("L3")
        self.banks(Foreign="F1, F2\nmin_members = 1", Needed="A1, A2", Spared="B1, B2, B3", Excluded="C1, C2, C3",
                   Full="D1, D2", Back="E1, E2", String="S1, S2\nmode = series",
                   Lying="L1, L2, L3\nmin_members = 1", LyingString="M1, M2\nmode = series")
        for bank in self.clients:
            self.charged(bank)

    def test_packs_that_fall_silent(self):
        self.assertEqual(self.clients["Excluded"].set("/Settings/Exclude/3", 1), 0)
        self.clients["Excluded"].wait_for_value(standing(3), "excluded")
        self.fall_silent()
        self.a_pack_that_leaves_and_returns()
        self.after_ten_seconds()
        self.packs_that_say_nonsense()
        self.after_a_minute()
        self.full_again_after_a_restart()

    def fall_silent(self):
        self.start_of_needed = len(self.clients["Needed"].changes)
        for name in ("F2", "ttyA2", "ttyB3", "ttyS1"):
            self.do(name, "s.become(hanging=True)")
        # What does not count as a sign of life.
        self.do("ttyA2", "s.say('/Dc/0/Current', 12.0)")
        self.do("ttyC3", "s.stop()")
        self.do("ttyE2", "s.stop()")

    def a_pack_that_leaves_and_returns(self):
        back = self.clients["Back"]
        back.wait_for_value(CCL, 0)
        self.assertEqual(back.value(VOLTAGE), None)
        start = len(back.changes)
        self.do("ttyE2", "s.start()")
        back.wait_for_value(standing(2), "in use")
        back.wait_for(lambda items: items[CCL].value > 6, "a limit that rises")
        risen = [(at, value) for at, value in back.seen(CCL, start) if value]
        self.assertLessEqual(risen[0][1], 5)
        for (before_at, before), (at, value) in zip(risen, risen[1:]):
            self.assertLessEqual(value, max(before + (at - before_at) + 1.5, 5), risen)

    def after_ten_seconds(self):
        foreign = self.clients["Foreign"]
        foreign.wait_for_value("/Battery/2/ChargeLimit", 20)
        self.assertEqual(foreign.value(standing(2)), "in use")
        self.assertIsNotNone(foreign.value("/Battery/2/Voltage"))
        self.assertTrue(0 < foreign.value(CCL) <= 60)
        self.process.wait_for_log("F2 has told nothing new for a while; half of its limits count")
        for bank, number in (("Needed", 2), ("String", 1), ("Spared", 3)):
            client = self.clients[bank]
            client.wait_for_value(standing(number), "silent")
            self.assertEqual(client.value(f"/Battery/{number}/Voltage"), None)
        for bank in ("Needed", "String"):
            client = self.clients[bank]
            self.assertEqual([client.value(path) for path in (CCL, VOLTAGE, CURRENT)], [0, None, None], bank)
            self.assertEqual(client.value("/Alarms/BmsCable"), 1)
        for _, value in self.clients["String"].seen(VOLTAGE):
            self.assertTrue(value is None or abs(value - 2 * CELLS * 3.3) < 0.1, value)
        spared = self.clients["Spared"]
        self.assertTrue(0 < spared.value(CCL) <= 75, spared.value(CCL))  # a third of it may still go to the silent one
        self.assertAlmostEqual(spared.value(VOLTAGE), CELLS * 3.3, delta=0.05)
        self.assertEqual(spared.value("/InstalledCapacity"), 200)

    def packs_that_say_nonsense(self):
        lying, string = self.clients["Lying"], self.clients["LyingString"]
        for value in NONSENSE:
            with self.subTest(value=value):
                for name in ("ttyL2", "L3", "ttyM2"):
                    self.do(name, f"s.lie({value})")
                string.wait_for(lambda items: [string.value(path) for path in (CCL, VOLTAGE)] == [0, None], "a string that is stopped")
                self.pass_a_second(Lying="ttyL1")
                # There is one pack that can be believed, and others may share its current.
                self.assertLessEqual(lying.value(CCL), 50)
                self.assertLessEqual(lying.value("/System/MaxCellVoltage"), 10)
                for name in ("ttyL2", "L3", "ttyM2"):
                    self.do(name, "s.confess()")
        for client in (lying, string):
            client.wait_for_value(standing(2), "in use")
        string.wait_for(lambda items: items[VOLTAGE].value is not None, "the string")

    def after_a_minute(self):
        foreign, spared, needed = (self.clients[name] for name in ("Foreign", "Spared", "Needed"))
        foreign.wait_for_value(standing(2), "silent", limit_s=70)
        self.assertLessEqual(foreign.value(CCL), 20)
        self.assertIsNotNone(foreign.value(VOLTAGE))
        # The stages of a silence: neither charging nor discharging, then no BMS.
        needed.wait_for_value(CVL, None, limit_s=70)
        needed.wait_for_value(CCL, None)
        self.assertEqual(needed.value("/Alarms/BmsCable"), 2)
        self.assertEqual([value for _, value in needed.seen(DCL, self.start_of_needed)][-2:], [0, None])
        spared.wait_for_value("/Alarms/BmsCable", 1, limit_s=70)
        self.assertLessEqual(spared.value(CCL), 3 * 0.2 * 100 + 0.1)
        self.assertRegex(spared.value("/Info/Alarms"), "B3 does not answer")
        excluded = self.clients["Excluded"]
        self.assertEqual([excluded.value("/Alarms/BmsCable"), *(value for _, value in excluded.seen("/Alarms/BmsCable") if value)], [0])
        self.assertTrue(0 < excluded.value(CCL) <= 100)

    def full_again_after_a_restart(self):
        full = self.clients["Full"]
        self.assertEqual(full.value("/Info/ChargeState"), 1)
        # Neither the state of charging nor what was highest can be found out anew.
        for name in ("ttyD1", "ttyD2"):
            self.do(name, "s.cells_are(3.400)")
        full.wait_for(lambda items: items["/System/MaxCellVoltage"].value < 3.41, "lower cells")
        self.restarted()
        full.wait_for(lambda items: "/Info/ChargeState" in items, "the bank")
        self.assertEqual(full.value("/Info/ChargeState"), 1)
        self.assertAlmostEqual(full.value("/History/MaximumCellVoltage"), 3.455, delta=0.001)


if __name__ == "__main__":
    harness.main()
