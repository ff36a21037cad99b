"""Every kind of board that can be simulated: what the tests, the bench and the damaged line go through."""

import collections

# family: of bms-sim; options: for it; expected: what detection must say; measured: options for a large pack
class Board(collections.namedtuple("Board", "family options expected measured")):
    @property
    def talks(self):
        """Whether it speaks by itself and is never asked."""
        return self.family == "chargery"


BOARDS = {
    "jbd": Board("jbd", [], {"bms": "jbd", "dialect": "", "baud": 9600}, ["--cells", "24"]),
    "jbd_up": Board("jbd", ["--dialect", "up"], {"bms": "jbd", "dialect": "up", "baud": 9600, "address": 1},
                    ["--cells", "24"]),
    "jbd_up_both": Board("jbd", ["--dialect", "up", "--plain-too"], {"bms": "jbd", "dialect": "up"}, []),
    "jbd_up_old": Board("jbd", ["--dialect", "up", "--old-firmware"], {"bms": "jbd", "dialect": "up"}, []),
    "jbd_addressed": Board("jbd", ["--dialect", "addressed"], {"bms": "jbd", "dialect": "addressed", "baud": 9600},
                           ["--cells", "24"]),
    "daly": Board("daly", [], {"bms": "daly", "dialect": "a5", "baud": 9600, "address": 1}, ["--cells", "24"]),
    "daly_bluetooth": Board("daly", ["--dialect", "a5-bluetooth"], {"bms": "daly", "baud": 9600}, []),
    "daly_p81": Board("daly", ["--dialect", "p81"], {"bms": "daly", "dialect": "p81"}, []),
    "daly_d2": Board("daly", ["--dialect", "d2"], {"bms": "daly", "dialect": "d2"}, []),
    "ant": Board("ant", ["--dialect", "new"], {"bms": "ant", "dialect": "new", "baud": 19200}, ["--cells", "24"]),
    "ant_both": Board("ant", ["--dialect", "both"], {"bms": "ant", "dialect": "new"}, []),
    "ant_old": Board("ant", ["--dialect", "old", "--status-request", "db"], {"bms": "ant", "dialect": "old"}, []),
    "ant_old_5a": Board("ant", ["--dialect", "old", "--status-request", "5a"], {"bms": "ant", "dialect": "old"}, []),
    "chargery": Board("chargery", [], {"bms": "chargery", "baud": 115200}, ["--cells", "24"]),
    "chargery_v122": Board("chargery", ["--firmware", "v122", "--cells", "8"], {"bms": "chargery"}, []),
    "chargery_v124": Board("chargery", ["--firmware", "v124", "--cells", "15"], {"bms": "chargery"}, []),
    "rec_1q": Board("rec", [], {"bms": "rec", "baud": 56000, "address": 1}, []),
    "rec_abms": Board("rec", ["--kind", "abms", "--cells", "4", "--baud", "115200"],
                      {"bms": "rec", "baud": 115200, "address": 2}, []),
    "rec_master": Board("rec", ["--kind", "master", "--units", "2", "--cells", "24", "--baud", "38400"],
                        {"bms": "rec", "baud": 38400, "address": 16}, []),
}

FAMILIES = sorted({board.family for board in BOARDS.values()})
