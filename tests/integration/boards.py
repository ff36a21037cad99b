"""Every kind of board that can be simulated: what the tests, the bench and the damaged line go through."""

import collections

# family: of bms-sim; options: for it; expected: what detection must say; measured: options for a large pack
Board = collections.namedtuple("Board", "family options expected measured")

BOARDS = {
    "jbd": Board("jbd", [], {"bms": "jbd", "baud": 9600}, ["--cells", "24"]),
}

FAMILIES = sorted({board.family for board in BOARDS.values()})
